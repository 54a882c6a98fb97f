// Lane numbers that interleave the low or the high halves of two vectors, by their number of lanes.
#define AF_LOW_2 0, 2
#define AF_HIGH_2 1, 3
#define AF_LOW_4 0, 4, 1, 5
#define AF_HIGH_4 2, 6, 3, 7
#define AF_LOW_8 0, 8, 1, 9, 2, 10, 3, 11
#define AF_HIGH_8 4, 12, 5, 13, 6, 14, 7, 15
#define AF_LOW_16 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define AF_HIGH_16 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31

#if AF_VECTOR_BYTES == 64
#define AF_LOW_LANES_f32 AF_LOW_16
#define AF_HIGH_LANES_f32 AF_HIGH_16
#define AF_LOW_LANES_f64 AF_LOW_8
#define AF_HIGH_LANES_f64 AF_HIGH_8
#elif AF_VECTOR_BYTES == 32
#define AF_LOW_LANES_f32 AF_LOW_8
#define AF_HIGH_LANES_f32 AF_HIGH_8
#define AF_LOW_LANES_f64 AF_LOW_4
#define AF_HIGH_LANES_f64 AF_HIGH_4
#else
#define AF_LOW_LANES_f32 AF_LOW_4
#define AF_HIGH_LANES_f32 AF_HIGH_4
#define AF_LOW_LANES_f64 AF_LOW_2
#define AF_HIGH_LANES_f64 AF_HIGH_2
#endif
