// HDF5's constants are macros over mutable globals, which Swift cannot import: each is a function here.
// Functions whose macro alias changes between HDF5 1.10, 1.12 and 1.14 are resolved here by the C compiler.
#ifndef CHDF5_SHIM_H
#define CHDF5_SHIM_H

#if __has_include(<hdf5.h>)
#include <hdf5.h>
#else
#include <hdf5/serial/hdf5.h>
#endif

// From HDF5 1.14 on what drivers need lies in a header of its own.
#if __has_include(<H5FDdevelop.h>)
#include <H5FDdevelop.h>
#elif __has_include(<hdf5/serial/H5FDdevelop.h>)
#include <hdf5/serial/H5FDdevelop.h>
#endif

#if __has_include(<hdf5_hl.h>)
#include <hdf5_hl.h>
#else
#include <hdf5/serial/hdf5_hl.h>
#endif

static inline hid_t chdf5_native_float32(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t chdf5_native_float64(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t chdf5_native_int8(void) { return H5T_NATIVE_INT8; }
static inline hid_t chdf5_native_int16(void) { return H5T_NATIVE_INT16; }
static inline hid_t chdf5_native_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t chdf5_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t chdf5_native_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t chdf5_native_uint16(void) { return H5T_NATIVE_UINT16; }
static inline hid_t chdf5_native_uint32(void) { return H5T_NATIVE_UINT32; }
static inline hid_t chdf5_native_uint64(void) { return H5T_NATIVE_UINT64; }

static inline hid_t chdf5_little_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t chdf5_little_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t chdf5_little_int8(void) { return H5T_STD_I8LE; }
static inline hid_t chdf5_little_int16(void) { return H5T_STD_I16LE; }
static inline hid_t chdf5_little_int32(void) { return H5T_STD_I32LE; }
static inline hid_t chdf5_little_int64(void) { return H5T_STD_I64LE; }
static inline hid_t chdf5_little_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t chdf5_little_uint16(void) { return H5T_STD_U16LE; }
static inline hid_t chdf5_little_uint32(void) { return H5T_STD_U32LE; }
static inline hid_t chdf5_little_uint64(void) { return H5T_STD_U64LE; }

static inline hid_t chdf5_big_float32(void) { return H5T_IEEE_F32BE; }
static inline hid_t chdf5_big_float64(void) { return H5T_IEEE_F64BE; }
static inline hid_t chdf5_big_int8(void) { return H5T_STD_I8BE; }
static inline hid_t chdf5_big_int16(void) { return H5T_STD_I16BE; }
static inline hid_t chdf5_big_int32(void) { return H5T_STD_I32BE; }
static inline hid_t chdf5_big_int64(void) { return H5T_STD_I64BE; }
static inline hid_t chdf5_big_uint8(void) { return H5T_STD_U8BE; }
static inline hid_t chdf5_big_uint16(void) { return H5T_STD_U16BE; }
static inline hid_t chdf5_big_uint32(void) { return H5T_STD_U32BE; }
static inline hid_t chdf5_big_uint64(void) { return H5T_STD_U64BE; }

static inline hid_t chdf5_c_string(void) { return H5T_C_S1; }
static inline size_t chdf5_variable_length(void) { return H5T_VARIABLE; }

static inline hid_t chdf5_file_access_class(void) { return H5P_FILE_ACCESS; }
static inline hid_t chdf5_file_create_class(void) { return H5P_FILE_CREATE; }
static inline hid_t chdf5_group_create_class(void) { return H5P_GROUP_CREATE; }
static inline hid_t chdf5_dataset_create_class(void) { return H5P_DATASET_CREATE; }
static inline hid_t chdf5_link_create_class(void) { return H5P_LINK_CREATE; }

static inline hid_t chdf5_default(void) { return H5P_DEFAULT; }
static inline hid_t chdf5_all(void) { return H5S_ALL; }
static inline hid_t chdf5_error_stack(void) { return H5E_DEFAULT; }
static inline hsize_t chdf5_unlimited(void) { return H5S_UNLIMITED; }

static inline unsigned chdf5_read_only(void) { return H5F_ACC_RDONLY; }
static inline unsigned chdf5_read_write(void) { return H5F_ACC_RDWR; }
static inline unsigned chdf5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned chdf5_exclusive(void) { return H5F_ACC_EXCL; }

// Version 3 of the superblock adds only marks for concurrent readers, which a file written whole does not need.
static inline herr_t chdf5_use_plain_superblock(hid_t access) {
  return H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V110);
}

// The 1.10 format of all that follows checksums its metadata, and every HDF5 since 2016 reads it.
static inline herr_t chdf5_use_checksummed_metadata(hid_t file) {
  return H5Fset_libver_bounds(file, H5F_LIBVER_V110, H5F_LIBVER_V110);
}

// The bytes of a chunk as they lie in the file; from HDF5 2.0 on the call asks for the room there is.
static inline herr_t chdf5_read_chunk(hid_t dataset, const hsize_t *offset, uint32_t *skipped, void *bytes, size_t room) {
#if H5_VERSION_GE(2, 0, 0)
  return H5Dread_chunk2(dataset, H5P_DEFAULT, offset, skipped, bytes, &room);
#else
  (void)room;
  return H5Dread_chunk(dataset, H5P_DEFAULT, offset, skipped, bytes);
#endif
}

// Where the chunk at `offset` lies in the file; older releases cannot tell.
static inline herr_t chdf5_chunk_place(hid_t dataset, const hsize_t *offset, unsigned *skipped, haddr_t *address, hsize_t *size) {
#if H5_VERSION_GE(1, 10, 5)
  return H5Dget_chunk_info_by_coord(dataset, offset, skipped, address, size);
#else
  (void)dataset, (void)offset, (void)skipped, (void)size;
  *address = HADDR_UNDEF;
  return 0;
#endif
}
static inline haddr_t chdf5_no_address(void) { return HADDR_UNDEF; }

// The driver below an open file; -1 where that cannot be told.
static inline hid_t chdf5_driver(hid_t file) {
  hid_t access = H5Fget_access_plist(file);
  if (access < 0) return -1;
  hid_t driver = H5Pget_driver(access);
  H5Pclose(access);
  return driver;
}
static inline hid_t chdf5_plain_driver(void) { return H5FD_SEC2; }

static inline herr_t chdf5_answer_features(const H5FD_t *file, unsigned long *flags) {
  (void)file;
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

// What every release wants to know of a driver besides its functions.
static inline void chdf5_describe_driver(H5FD_class_t *driver) {
  static const H5FD_mem_t map[H5FD_MEM_NTYPES] = H5FD_FLMAP_DICHOTOMY;
#if H5_VERSION_GE(1, 14, 0)
  driver->version = H5FD_CLASS_VERSION;
  driver->value = (H5FD_class_value_t)400; // Numbers from 256 to 511 are for trials; none is registered.
#endif
  driver->name = "image";
  driver->maxaddr = (haddr_t)1 << 62;
  driver->fc_degree = H5F_CLOSE_WEAK;
  driver->query = chdf5_answer_features;
  for (int type = 0; type < H5FD_MEM_NTYPES; type++) driver->fl_map[type] = map[type];
}

static inline ssize_t chdf5_open_objects(hid_t file) { return H5Fget_obj_count(file, H5F_OBJ_ALL); }

static inline herr_t chdf5_link_type(hid_t group, const char *name, int *type) {
  H5L_info_t info;
  herr_t status = H5Lget_info(group, name, &info, H5P_DEFAULT);
  *type = status < 0 ? -1 : (int)info.type;
  return status;
}

static inline herr_t chdf5_reference_count(hid_t object, unsigned *count) {
#if H5_VERSION_GE(1, 12, 0)
  H5O_info2_t info;
  herr_t status = H5Oget_info3(object, &info, H5O_INFO_BASIC);
#else
  H5O_info_t info;
  herr_t status = H5Oget_info(object, &info);
#endif
  *count = status < 0 ? 0 : info.rc;
  return status;
}

#endif
