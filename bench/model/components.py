"""The 386's m: components of an instruction. Each byte is one, but a whole
displacement is one, and a whole immediate (80386 Programmer's Reference Manual,
17.2.2.11). Encodings: the same, appendix A."""

PREFIXES = b"\x26\x2e\x36\x3e\x64\x65\x66\x67\xf0\xf2\xf3"
MODRM_ONE = {0x62, 0x63, 0x69, 0x6B, 0xC0, 0xC1, 0xC4, 0xC5, 0xC6, 0xC7,
             0xF6, 0xF7, 0xFE, 0xFF, *range(0x80, 0x90), *range(0xD0, 0xD4),
             *range(0xD8, 0xE0)}
PLAIN_TWO = {0x05, 0x06, 0x08, 0x09, 0x0B, 0x77, 0xA0, 0xA1, 0xA2, 0xA8, 0xA9,
             0xAA, *range(0x30, 0x38), *range(0x80, 0x90),
             *range(0xC8, 0xD0)}


def has_modrm(opcode):
    if opcode[0] == 0x0F:
        return opcode[1] not in PLAIN_TWO
    if opcode[0] < 0x40:
        return opcode[0] & 7 < 4
    return opcode[0] in MODRM_ONE


def address_size(rest):
    """(bytes of ModR/M and SIB, bytes of the displacement)."""
    mode, register = rest[0] >> 6, rest[0] & 7
    if mode == 3:
        return 1, 0
    head, base = 1, register
    if register == 4:
        head, base = 2, rest[1] & 7
    if mode == 0:
        return head, 4 if base == 5 else 0
    return head, 1 if mode == 1 else 4


def components(code):
    at = 0
    while code[at] in PREFIXES:
        at += 1
    opcode = 2 if code[at] == 0x0F else 1
    head = displacement = 0
    if has_modrm(code[at:at + 2]):
        head, displacement = address_size(code[at + opcode:])
    at += opcode + head
    return at + (displacement > 0) + (len(code) > at + displacement)
