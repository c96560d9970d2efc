"""Which content coding a client is answered in: RFC 9110 section 12.5.3. Pure."""

from __future__ import annotations

from functools import lru_cache

IDENTITY = "identity"
#: Ours, the smallest first: what decides between codings that a client likes equally well.
CODINGS = ("br", "gzip", IDENTITY)

_ALIASES = {"x-gzip": "gzip"}


@lru_cache(maxsize=256)
def accepted_codings(header: str | None) -> tuple[str, ...]:
    """Our codings that the client takes, its favourite first. A client that says nothing may not
    know any; one that takes none at all gets plain bytes, since it must get something."""
    if header is None:
        return (IDENTITY,)
    weights = _weights(header)
    # Plain bytes are taken unless refused, but not preferred to what is named.
    least = {IDENTITY: weights.get("*", 0.0001)}
    weighed = {
        coding: weights.get(coding, least.get(coding, weights.get("*", 0.0))) for coding in CODINGS
    }
    taken = [coding for coding in CODINGS if weighed[coding] > 0]
    return tuple(sorted(taken, key=lambda coding: -weighed[coding])) or (IDENTITY,)


def weigh(element: str) -> tuple[str, float]:
    """`gzip;q=0.5` as a name and its weight; what is no weight counts as none."""
    name, *parameters = (part.strip() for part in element.lower().split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return name, 0.0
            # Also what is not a number: it is not at least 0.
            return name, min(weight, 1.0) if weight >= 0 else 0.0
    return name, 1.0


def _weights(header: str) -> dict[str, float]:
    named = dict(weigh(element) for element in header.split(",") if element.strip())
    return {_ALIASES.get(name, name): weight for name, weight in named.items()}
