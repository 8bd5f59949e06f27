"""An address is read as the buyer wrote it: in the order of its country, in one line or several."""

from __future__ import annotations

import pytest

from doorstep.changes.addresses import may_be_address, one_line, read
from doorstep.orders import Address

HOME = Address(name="Ana Souza", line1="Rua Augusta 1508", city="São Paulo", postcode="01304-001", country="BR")


def _home_in(country: str) -> Address:
    return Address("Ana Souza", "Old 1", "Oldtown", "", country)


@pytest.mark.parametrize(
    ("country", "text", "street", "city", "postcode"),
    [
        ("DE", "Musterstraße 5, 10115 Berlin", "Musterstraße 5", "Berlin", "10115"),
        ("DE", "Musterstraße 5 10115 Berlin", "Musterstraße 5", "Berlin", "10115"),
        ("DE", "Schlossallee\n10115 Berlin\nDeutschland", "Schlossallee", "Berlin", "10115"),
        ("US", "12 Elm Street, Springfield, IL 62704", "12 Elm Street", "Springfield", "62704"),
        ("US", "12345 Elm Street\nSpringfield, Illinois 62704\nUSA", "12345 Elm Street", "Springfield", "62704"),
        ("US", "5 Peachtree St, Atlanta, GA, 30303", "5 Peachtree St", "Atlanta", "30303"),
        ("US", "5 Camino Real, Santa Fe, New Mexico 87501", "5 Camino Real", "Santa Fe", "87501"),
        ("GB", "14 Palatine Road, Manchester M20 3JB, England", "14 Palatine Road", "Manchester", "M20 3JB"),
        ("GB", "14 palatine road\nmanchester\nm20 3jb", "14 palatine road", "manchester", "M20 3JB"),
        ("FR", "12 rue de la Paix, 75002, Paris", "12 rue de la Paix", "Paris", "75002"),
        ("FR", "12 rue de la Paix, 75002 Paris France", "12 rue de la Paix", "Paris", "75002"),
        ("NL", "Kerkstraat 12, 1017GC Amsterdam", "Kerkstraat 12", "Amsterdam", "1017GC"),
        ("CH", "Bahnhofstrasse 1200, 8001 Zürich", "Bahnhofstrasse 1200", "Zürich", "8001"),
        ("LU", "12 rue de Trèves, L-1234 Luxembourg", "12 rue de Trèves", "Luxembourg", "1234"),
        ("SG", "12 Orchard Road, 238801, Singapore", "12 Orchard Road", "Singapore", "238801"),
        ("AE", "Flat 3, Burj Tower, Dubai, United Arab Emirates", "Flat 3", "Dubai", ""),
        ("RU", "101000, Москва, ул. Мясницкая 5, кв. 7", "ул. Мясницкая 5", "Москва", "101000"),
        ("RU", "г. Москва, ул. Мясницкая, д. 5, 101000", "ул. Мясницкая", "г. Москва", "101000"),
        ("CN", "北京市朝阳区建国路88号 100022", "北京市朝阳区建国路88号", "北京市", "100022"),
        ("CN", "北京市朝阳区建国路88号", "北京市朝阳区建国路88号", "北京市", ""),
        ("JP", "〒150-0001 東京都渋谷区神宮前1-2-3", "東京都渋谷区神宮前1-2-3", "", "150-0001"),
        ("BR", "Rua Chile 99, Campinas - SP, 13010-111", "Rua Chile 99", "Campinas", "13010-111"),
    ],
)
def test_street_city_and_postcode_are_found(country: str, text: str, street: str, city: str, postcode: str) -> None:
    reading = read(text, _home_in(country))
    address = reading.address
    assert reading.missing == ()
    assert (address.line1, address.city, address.postcode, address.country) == (street, city, postcode, country)


def test_flat_quarter_and_region_are_kept() -> None:
    address = read("Ana Souza\nRua Augusta 1508, apto 12\nConsolação\nSão Paulo - SP\n01304-001\nBrasil", HOME).address
    assert address == Address(
        "Ana Souza", "Rua Augusta 1508", "São Paulo", "01304-001", "BR", line2="apto 12, Consolação", region="SP"
    )


@pytest.mark.parametrize(
    "before", ["My new address is ", "please send it to: ", "No, it should be ", "address: ", "Meu endereço é "]
)
def test_what_leads_up_to_an_address_is_no_part_of_it(before: str) -> None:
    assert read(before + "Rua Chile 99, Campinas, 13010-111", HOME).address.line1 == "Rua Chile 99"


def test_another_recipient_stays_in_the_address() -> None:
    address = read("Maria Lima, Rua Chile 99, Campinas, 13010-111", HOME).address
    assert one_line(address) == "Ana Souza, Maria Lima, Rua Chile 99, 13010-111 Campinas, BR"


def test_a_telephone_number_or_email_is_not_taken_for_a_postcode() -> None:
    address = read("12 Elm Street\nSpringfield, IL 62704\n+1 555 12345\nana@example.com 99999", _home_in("US")).address
    assert (address.city, address.postcode, address.line2) == ("Springfield", "62704", "")


@pytest.mark.parametrize(
    ("country", "text", "missing"),
    [
        ("FR", "12 rue de la Paix", ("city", "postcode")),
        ("FR", "12 rue de la Paix, Paris", ("postcode",)),
        ("FR", "75002 Paris", ("street",)),
        ("FR", "Paris", ("street", "city", "postcode")),
        ("FR", "I don't know, why do you ask", ("street", "city", "postcode")),
        ("FR", "which address do you have?", ("street", "city", "postcode")),
        ("FR", "", ("street", "city", "postcode")),
        ("FR", "…", ("street", "city", "postcode")),
        ("FR", "12 rue de la Paix, 75002 Paris, " + "et puis " * 60, ("street", "city", "postcode")),
        ("CH", "1200 Bahnhofstrasse, Zürich", ("postcode",)),
        ("RU", "Москва, ул. Мясницкая, д. 5", ("postcode",)),
        ("JP", "東京都渋谷区神宮前1-2-3", ("postcode",)),
        ("US", "12 Elm Street Springfield IL 62704", ("street",)),
    ],
)
def test_what_is_missing_is_named(country: str, text: str, missing: tuple[str, ...]) -> None:
    assert read(text, _home_in(country)).missing == missing


@pytest.mark.parametrize(
    ("country", "text", "read_country"),
    [
        ("DE", "12 rue de la Paix, 75002 Paris, France", "FR"),
        ("DE", "12 rue de la Paix, 75002 Paris, Frankreich", "FR"),
        ("DE", "12 rue de la Paix\n75002 Paris\nФранция", "FR"),
        ("US", "5 Peachtree St, Atlanta 30303, Georgia", "US"),
        ("US", "5 Camino Real, 87501 Santa Fe New Mexico", "US"),
    ],
)
def test_the_country_is_another_one_only_where_it_is_named(country: str, text: str, read_country: str) -> None:
    assert read(text, _home_in(country)).address.country == read_country


@pytest.mark.parametrize(
    ("text", "may_be"),
    [
        ("Musterstr. 5, 10115 Berlin", True),
        ("12 Elm Street\nSpringfield IL 62704", True),
        ("北京市朝阳区建国路88号", True),
        ("where is my order 1003, please", False),
        ("my order 1003", False),
        ("is it 12 Elm Street, 62704 Springfield?", False),
        ("cancel it, please", False),
    ],
)
def test_a_wish_is_not_taken_for_an_address(text: str, may_be: bool) -> None:
    assert may_be_address(text) is may_be
