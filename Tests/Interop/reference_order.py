"""The order of training rows, from FORMAT.md, section 3.5, alone.

    python3 reference_order.py ROWS [--epoch N] [--key K0 K1] [--blocks BLOCK_ROWS WINDOW_BLOCKS]
"""

import argparse

MASK = 0xFFFFFFFF
ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))


def block(key, counter):
    """The two words of threefry2x32-20 at a 64-bit counter."""
    words = (key[0], key[1], 0x1BD11BDA ^ key[0] ^ key[1])
    x = ((counter >> 32) + words[0]) & MASK
    y = ((counter & MASK) + words[1]) & MASK
    for turn in range(5):
        for rotation in ROTATIONS[turn % 2]:
            x = (x + y) & MASK
            y = ((y << rotation | y >> (32 - rotation)) & MASK) ^ x
        x = (x + words[(turn + 1) % 3]) & MASK
        y = (y + words[(turn + 2) % 3] + turn + 1) & MASK
    return x, y


def permutation(count, key):
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        a, b = block(key, i)
        j = ((a << 32 | b) * (i + 1)) >> 64
        order[i], order[j] = order[j], order[i]
    return order


def epoch_order(rows, key, epoch):
    return permutation(rows, block(key, epoch))


def windowed_order(rows, block_rows, window_blocks, key, epoch):
    epoch_key = block(key, epoch)
    blocks = permutation(-(-rows // block_rows), block(epoch_key, 0))
    order = []
    for window, first in enumerate(range(0, len(blocks), window_blocks)):
        inside = [row for number in blocks[first : first + window_blocks] for row in range(number * block_rows, min((number + 1) * block_rows, rows))]
        order += [inside[place] for place in permutation(len(inside), block(epoch_key, window + 1))]
    return order


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int)
    parser.add_argument("--epoch", type=int, default=0)
    parser.add_argument("--key", type=int, nargs=2, default=(0, 42))
    parser.add_argument("--blocks", type=int, nargs=2)
    arguments = parser.parse_args()
    key = tuple(arguments.key)
    if arguments.blocks:
        print(*windowed_order(arguments.rows, *arguments.blocks, key, arguments.epoch))
    else:
        print(*epoch_order(arguments.rows, key, arguments.epoch))


if __name__ == "__main__":
    main()
