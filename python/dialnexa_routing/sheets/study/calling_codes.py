"""Which countries a calling code belongs to, to find the prefix that says another country than its row.

A calling code may have several countries (1, 7, 44, 262), and a country several codes. The table is for
doubts only: a row is loaded whatever country it names (quirk 58).
"""

from __future__ import annotations

import polars as pl

_OWNERS = """
1 AG AI AS BB BM BS CA DM DO GD GU JM KN KY LC MP MS PR SX TC TT US VC VG VI; 20 EG; 211 SS; 212 EH MA;
213 DZ; 216 TN; 218 LY; 220 GM; 221 SN; 222 MR; 223 ML; 224 GN; 225 CI; 226 BF; 227 NE; 228 TG; 229 BJ;
230 MU; 231 LR; 232 SL; 233 GH; 234 NG; 235 TD; 236 CF; 237 CM; 238 CV; 239 ST; 240 GQ; 241 GA; 242 CG;
243 CD; 244 AO; 245 GW; 246 IO; 247 AC; 248 SC; 249 SD; 250 RW; 251 ET; 252 SO; 253 DJ; 254 KE; 255 TZ;
256 UG; 257 BI; 258 MZ; 260 ZM; 261 MG; 262 RE YT; 263 ZW; 264 NA; 265 MW; 266 LS; 267 BW; 268 SZ; 269
KM; 27 ZA; 290 SH TA; 291 ER; 297 AW; 298 FO; 299 GL; 30 GR; 31 NL; 32 BE; 33 FR; 34 ES; 350 GI; 351 PT;
352 LU; 353 IE; 354 IS; 355 AL; 356 MT; 357 CY; 358 AX FI; 359 BG; 36 HU; 370 LT; 371 LV; 372 EE; 373
MD; 374 AM; 375 BY; 376 AD; 377 MC; 378 SM; 380 UA; 381 RS; 382 ME; 383 XK; 385 HR; 386 SI; 387 BA; 389
MK; 39 IT VA; 40 RO; 41 CH; 420 CZ; 421 SK; 423 LI; 43 AT; 44 GB GG IM JE; 45 DK; 46 SE; 47 NO SJ; 48
PL; 49 DE; 500 FK; 501 BZ; 502 GT; 503 SV; 504 HN; 505 NI; 506 CR; 507 PA; 508 PM; 509 HT; 51 PE; 52 MX;
53 CU; 54 AR; 55 BR; 56 CL; 57 CO; 58 VE; 590 BL GP MF; 591 BO; 592 GY; 593 EC; 594 GF; 595 PY; 596 MQ;
597 SR; 598 UY; 599 BQ CW; 60 MY; 61 AU CC CX; 62 ID; 63 PH; 64 NZ; 65 SG; 66 TH; 670 TL; 672 NF; 673
BN; 674 NR; 675 PG; 676 TO; 677 SB; 678 VU; 679 FJ; 680 PW; 681 WF; 682 CK; 683 NU; 685 WS; 686 KI; 687
NC; 688 TV; 689 PF; 690 TK; 691 FM; 692 MH; 7 KZ RU; 81 JP; 82 KR; 84 VN; 850 KP; 852 HK; 853 MO; 855
KH; 856 LA; 86 CN; 880 BD; 886 TW; 90 TR; 91 IN; 92 PK; 93 AF; 94 LK; 95 MM; 960 MV; 961 LB; 962 JO; 963
SY; 964 IQ; 965 KW; 966 SA; 967 YE; 968 OM; 970 PS; 971 AE; 972 IL; 973 BH; 974 QA; 975 BT; 976 MN; 977
NP; 98 IR; 992 TJ; 993 TM; 994 AZ; 995 GE; 996 KG; 998 UZ
"""

# Rows say these as well, and are right or were once: territories without numbers of their own in the
# table above, and codes that Kosovo was reached by before it had one.
_ALSO = "1 UM; 64 PN; 212 EH; 262 TF; 377 XK; 381 XK; 386 XK; 500 GS; 599 AN; 672 AQ"

_OF_NO_COUNTRY = ("800", "808", "870", "878", "881", "882", "883", "888", "979")

_LONGEST = 3


def owners() -> dict[str, frozenset[str]]:
    """Calling codes and the ISO codes of their countries; those of no country have none.

    >>> sorted(owners()["44"]), owners()["870"]
    (['GB', 'GG', 'IM', 'JE'], frozenset())
    """
    found: dict[str, frozenset[str]] = dict.fromkeys(_OF_NO_COUNTRY, frozenset())
    for line in f"{_OWNERS};{_ALSO}".split(";"):
        code, *isos = line.split()
        found[code] = found.get(code, frozenset()) | set(isos)
    return found


def with_owners(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the ``calling_code`` that begins their prefix, null if none does, and its ``owners``.

    >>> rows = pl.DataFrame({"prefix": ["9198", "3", "999"]})
    >>> with_owners(rows)["calling_code"].to_list()
    ['91', None, None]
    """
    table = pl.DataFrame(
        [(code, sorted(isos)) for code, isos in owners().items()],
        schema={"calling_code": pl.String, "owners": pl.List(pl.String)},
        orient="row",
    )
    starts = [pl.col("prefix").str.head(length) for length in range(1, _LONGEST + 1)]
    known = table["calling_code"].implode()
    code = pl.coalesce(pl.when(start.is_in(known)).then(start) for start in starts)
    return rows.with_columns(calling_code=code).join(
        table, on="calling_code", how="left", maintain_order="left"
    )
