"""An address as a QR code: SVG of our own making, which holds nothing but squares."""

from __future__ import annotations

import io

import segno


def qr_code(address: str) -> str:
    """The code as one svg element, as large as its place."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, svgns=True, omitsize=True, border=2, svgclass="qr"
    )
    return out.getvalue().decode()
