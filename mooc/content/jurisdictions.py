"""Whose law a text can speak of: countries, and the organisations that grant rights for several."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

_ISO_3166 = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_ISO_3166.split())
# WIPO Standard ST.3, and the European Union.
ORGANISATIONS = frozenset({"AP", "BX", "EA", "EP", "EU", "GC", "OA", "WO"})
CODES = COUNTRIES | ORGANISATIONS
MOST = 40  # one person may choose

# What people write instead.
OTHERWISE = {
    "ARIPO": "AP", "BENELUX": "BX", "CHINA": "CN", "EAEU": "EA", "EAPO": "EA", "EPC": "EP",
    "EPO": "EP", "EUIPO": "EU", "EUROPE": "EU", "GERMANY": "DE", "INT": "WO", "JPO": "JP",
    "OAPI": "OA", "PCT": "WO", "RF": "RU", "RUS": "RU", "RUSSIA": "RU", "SU": "RU", "UK": "GB",
    "UN": "WO", "USA": "US", "USPTO": "US", "WIPO": "WO",
}  # fmt: skip


def suggestion(code: str) -> str:
    """What to do about a code that is not known."""
    upper = code.upper()
    near = [upper] if upper in CODES else [OTHERWISE[upper]] if upper in OTHERWISE else []
    near = near or get_close_matches(upper, [*OTHERWISE, *sorted(CODES)], 1, 0.5)
    if near:
        return f"Did you mean {OTHERWISE.get(near[0], near[0])}?"
    return "Use the two letters of ISO 3166 (RU, US), or EU, EP, EA, AP, OA, BX, GC, WO."


def canonical(codes: Sequence[str]) -> tuple[str, ...]:
    """The known ones of some codes, each once, in one order; as many as one may choose."""
    return tuple(sorted(CODES.intersection(codes))[:MOST])
