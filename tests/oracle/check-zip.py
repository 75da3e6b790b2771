#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""check-zip.py ZIP: its bytes have the form that pkg-pack(1) promises.

Read from the raw bytes, without a library of zips: deflate, version 20,
flag bit 3 and no other but bit 11, nothing in the local header that comes
later, signed data descriptors of 16 bytes, no Zip64, the fields UT and ux
(uid 0, gid 0), no gaps, no comment.  Prints name, size, time and mode.
"""
import datetime
import struct
import sys
import zlib


def expect(true, what, *args):
    if not true:
        sys.exit("%s: %s" % (sys.argv[1], what % args))


def fields(extra):
    """The extra fields: {id: bytes}."""
    found = {}
    while extra:
        kind, n = struct.unpack_from("<HH", extra)
        expect(kind not in found and len(extra) >= 4 + n, "extra field")
        found[kind] = extra[4:4 + n]
        extra = extra[4 + n:]
    return found


def check_extra(extra, where):
    """Only UT and ux, without an owner; the time."""
    found = fields(extra)
    expect(set(found) == {0x5455, 0x7875}, "%s: extra fields %s", where,
           list(map(hex, found)))
    flags, mtime = struct.unpack("<BI", found[0x5455])
    expect(flags == 1, "%s: UT holds more than a time", where)
    expect(found[0x7875] == b"\1\4\0\0\0\0\4\0\0\0\0", "%s: ux %r", where,
           found[0x7875])
    return mtime


def dos(time, date):
    return datetime.datetime(
        1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11,
        time >> 5 & 63, (time & 31) * 2, tzinfo=datetime.timezone.utc)


def main():
    with open(sys.argv[1], "rb") as f:
        z = f.read()
    end = z[-22:]
    expect(end[:4] == b"PK\5\6", "no end record without a comment at the end")
    disk, first, here, count, size, start, comment = struct.unpack(
        "<4x4H2IH", end)
    expect((disk, first, comment) == (0, 0, 0) and here == count, "the end")
    expect(start + size == len(z) - 22, "bytes before the end record")
    at, local = start, 0
    for _ in range(count):
        head = struct.unpack_from("<4s6H3I5H2I", z, at)
        (sig, made, need, flags, method, time, date, crc, packed, unpacked,
         nname, nextra, ncomment, disk, internal, external, offset) = head
        name = z[at + 46:at + 46 + nname]
        expect(sig == b"PK\1\2", "no directory entry at %d", at)
        expect(offset == local, "%s: a gap", name)
        expect(made >> 8 == 3, "%s: not made by Unix", name)
        expect(need == 20, "%s: version %d", name, need)
        expect(flags & ~0x800 == 8, "%s: flags %#x", name, flags)
        expect(method == 8, "%s: method %d", name, method)
        expect((ncomment, disk, internal & ~1) == (0, 0, 0), "%s", name)
        extra = z[at + 46 + nname:at + 46 + nname + nextra]
        mtime = check_extra(extra, name)
        at += 46 + nname + nextra
        sig, *early = struct.unpack_from("<4s5H", z, local)
        zeros = struct.unpack_from("<3I", z, local + 14)
        n, m = struct.unpack_from("<2H", z, local + 26)
        expect(sig == b"PK\3\4", "%s: no local header", name)
        expect(early == [need, flags, method, time, date],
               "%s: the headers differ", name)
        expect(zeros == (0, 0, 0), "%s: sizes in the local header", name)
        expect(z[local + 30:local + 30 + n] == name, "%s: other name", name)
        expect(check_extra(z[local + 30 + n:local + 30 + n + m], name) ==
               mtime, "%s: other time", name)
        data = local + 30 + n + m
        inflate = zlib.decompressobj(-15)
        raw = inflate.decompress(z[data:data + packed]) + inflate.flush()
        expect(inflate.eof and not inflate.unused_data, "%s: deflate", name)
        expect(len(raw) == unpacked and zlib.crc32(raw) == crc,
               "%s: CRC or size", name)
        local = data + packed + 16
        expect(z[data + packed:local] == b"PK\7\10" +
               struct.pack("<3I", crc, packed, unpacked),
               "%s: data descriptor", name)
        stamp = dos(time, date).timestamp()
        expect(0 <= mtime - stamp < 2, "%s: %d, but %d", name, stamp, mtime)
        print("%s %d %d %o" % (name.decode(), unpacked, mtime,
                               external >> 16))
    expect(local == start, "a gap before the directory")
    expect(at == len(z) - 22, "the directory's size")


main()
