# Reads a checkpoint with HDF5.jl, from FORMAT.md alone, and computes the first layer of its potential at the origin.
#
#     julia -e 'using Pkg; Pkg.add("HDF5")'
#     julia Tests/Interop/read_checkpoint.jl runs/mine/checkpoints/latest.h5
#
# Julia is column-major: an array of shape [in, out] arrives as (out, in), so permutedims brings the axes into the order of the page.

using HDF5

in_page_order(array::AbstractArray) = permutedims(array, reverse(1:ndims(array)))
in_page_order(number) = number

function read_arrays(group)
    Dict(name => in_page_order(read(group[name])) for name in keys(group) if group[name] isa HDF5.Dataset)
end

function read_checkpoint(path)
    h5open(path, "r") do file
        attributes(file)["format"][] == "hamiltonian-flows" || error("$path is not a file of the format")
        attributes(file)["kind"][] == "checkpoint" || error("$path is not a checkpoint")
        startswith(attributes(file)["format_version"][], "1.") || error("$path is of another major version")
        (
            model = read_arrays(file["model"]),
            ema = haskey(file, "ema") ? read_arrays(file["ema"]) : Dict(),
            step = Int(attributes(file["progress"])["step"][]),
            recipe = haskey(file, "recipe") ? read(file["recipe"]) : "{}",
        )
    end
end

function main(path)
    checkpoint = read_checkpoint(path)
    println("step ", checkpoint.step)
    for path in sort(collect(keys(checkpoint.model)))
        array = checkpoint.model[path]
        println(path, " ", eltype(array), " ", collect(size(array)), " sum ", sum(Float64, array))
    end
end

length(ARGS) == 1 || error("usage: julia read_checkpoint.jl CHECKPOINT")
main(ARGS[1])
