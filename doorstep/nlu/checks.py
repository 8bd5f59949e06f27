"""Check digits: what makes a long number a card, a bank account or a registered parcel, and no mistake."""

from __future__ import annotations

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def s10_check_digit_fits(number: str) -> bool:
    """Whether the check digit of a UPU S10 number (two letters, nine digits, two letters; spaces allowed) is right."""
    digits = [int(char) for char in number if char.isdigit()]
    rest = 11 - sum(weight * digit for weight, digit in zip(_S10_WEIGHTS, digits, strict=False)) % 11
    return digits[8] == {10: 0, 11: 5}.get(rest, rest)


def luhn_fits(number: str) -> bool:
    """Whether the digits of a text pass the Luhn check that payment cards carry."""
    digits = [int(char) for char in reversed(number) if char.isdigit()]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def iban_fits(number: str) -> bool:
    """Whether a bank account number passes the check of ISO 13616."""
    plain = number.replace(" ", "").upper()
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97 == 1
