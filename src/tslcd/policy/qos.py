"""QoS: what the classes are given, and what becomes of them at each provider."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tslcd import model
from tslcd.policy.rule import Breach, rule

CLASSES = ("qos", "classes")


@rule("TS-QOS-01", "error", "RFC 4594")
def shares_that_do_not_make_100(qos: model.Qos) -> Iterator[Breach]:
    """The classes' shares make more or less than the whole line."""
    if (total := sum(own.share_percent for own in qos.classes)) != 100:
        yield Breach((*CLASSES, len(qos.classes) - 1, "share_percent"), f"shares make {total}; should make 100")


@rule("TS-QOS-02", "error", "RFC 4594")
def too_much_strict_priority(qos: model.Qos, limits: model.Profile) -> Iterator[Breach]:
    """Strict priority has so large a share that the other classes starve."""
    strict = [(index, own.share_percent) for index, own in enumerate(qos.classes) if own.treatment == "priority"]
    total, most = sum(share for _, share in strict), limits.max_priority_percent
    if total > most:
        text = f"strict priority makes {total} percent; should make at most {most}"
        yield Breach((*CLASSES, strict[-1][0], "share_percent"), text)


@rule("TS-QOS-03", "error", "own")
def priority_without_order(qos: model.Qos) -> Iterator[Breach]:
    """Classes of strict priority do not say which of them goes first, or say the same."""
    first: dict[int, str] = {}
    for index, own in enumerate(qos.classes):
        path, level = (*CLASSES, index, "priority_level"), own.priority_level
        if own.treatment == "priority" and level is None:
            yield Breach(path, "missing; a class of treatment priority has a level, 1 first")
        elif own.treatment != "priority" and level is not None:
            yield Breach(path, f"a level ({level}) without priority; only treatment priority has one")
        elif level is not None and first.setdefault(level, own.name) != own.name:
            yield Breach(path, f"level in use ({level}) by {first[level]}; should be its own")


@rule("TS-QOS-04", "error", "RFC 4594")
def classes_with_one_dscp(qos: model.Qos) -> Iterator[Breach]:
    """Two classes claim the same packets."""
    first: dict[str, str] = {}
    for index, own in enumerate(qos.classes):
        for position, dscp in enumerate(own.dscp):
            if dscp in first:
                path = (*CLASSES, index, "dscp", position)
                yield Breach(path, f"DSCP in use ({dscp}) by {first[dscp]}; should be in one class")
            first.setdefault(dscp, own.name)


@rule("TS-QOS-05", "error", "own")
def classes_with_one_name(qos: model.Qos) -> Iterator[Breach]:
    """Two classes have one name."""
    names = [own.name for own in qos.classes]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Breach((*CLASSES, index, "name"), f"name in use ({name}) by another class; should be its own")


@rule("TS-QOS-06", "error", "carriers")
def class_without_provider_class(qos: model.Qos, providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """Nobody has said what becomes of a class on a provider's lines."""
    for name, provider in providers.items():
        for own in qos.classes:
            if own.name not in provider.class_map:
                known = ", ".join(sorted(provider.traffic_classes))
                text = f"{own.name} is missing; should be mapped to one of: {known}"
                yield Breach(("providers", name, "class_map"), text)


@rule("TS-QOS-07", "error", "carriers")
def provider_shares_that_do_not_make_100(providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """A provider's classes make more or less than the line that is paid for."""
    for name, provider in providers.items():
        if (total := sum(sold.share_percent for sold in provider.traffic_classes.values())) != 100:
            yield Breach(("providers", name, "traffic_classes"), f"shares make {total}; should make 100")


@rule("TS-QOS-08", "error", "carriers")
def provider_that_puts_a_class_elsewhere(qos: model.Qos, providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """A provider recognises a class's packets as another of its classes than the map says."""
    for name, provider in providers.items():
        recognised = {dscp: theirs for theirs, sold in provider.traffic_classes.items() for dscp in sold.recognised_by}
        rest = next((theirs for theirs, sold in provider.traffic_classes.items() if not sold.recognised_by), None)
        for own in qos.classes:
            mapped = provider.class_map.get(own.name)
            for dscp in own.dscp if mapped in provider.traffic_classes else ():
                actual = recognised.get(dscp, rest)
                if actual is not None and actual != mapped:
                    text = f"{dscp} of {own.name} comes into {actual} there, not {mapped}; should be {actual}"
                    yield Breach(("providers", name, "class_map", own.name), text)


@rule("TS-QOS-09", "error", "carriers")
def provider_classes_that_are_ambiguous(providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """A provider has no class for the rest, or two, or two that recognise one DSCP."""
    for name, provider in providers.items():
        rest = [theirs for theirs, sold in provider.traffic_classes.items() if not sold.recognised_by]
        if len(rest) != 1:
            text = f"{len(rest)} classes without recognised_by take the rest; should be one"
            yield Breach(("providers", name, "traffic_classes"), text)
        first: dict[str, str] = {}
        for theirs, sold in provider.traffic_classes.items():
            for index, dscp in enumerate(sold.recognised_by):
                if dscp in first:
                    path = ("providers", name, "traffic_classes", theirs, "recognised_by", index)
                    yield Breach(path, f"DSCP in use ({dscp}) by {first[dscp]}; should be in one class")
                first.setdefault(dscp, theirs)


@rule("TS-QOS-10", "warning", "carriers")
def dscp_that_a_provider_rewrites(
    providers: Mapping[str, model.Provider], in_service: Sequence[model.Router]
) -> Iterator[Breach]:
    """A provider rewrites DSCP: the far end cannot tell classes by it."""
    used = {uplink.provider for router in in_service for uplink in router.site.uplinks}
    for name, provider in providers.items():
        if name in used and provider.dscp == "rewrite":
            text = "packets arrive with another DSCP; the far end cannot tell their class by it"
            yield Breach(("providers", name, "dscp"), text)


@rule("TS-QOS-11", "warning", "carriers")
def priority_that_a_provider_polices_away(qos: model.Qos, providers: Mapping[str, model.Provider]) -> Iterator[Breach]:
    """A provider's priority class is smaller than what is mapped to it: it drops the difference."""
    for name, provider in providers.items():
        for theirs, sold in provider.traffic_classes.items():
            ours = sum(own.share_percent for own in qos.classes if provider.class_map.get(own.name) == theirs)
            if sold.treatment == "priority" and ours > sold.share_percent:
                path = ("providers", name, "traffic_classes", theirs, "share_percent")
                text = f"{sold.share_percent} percent, but classes of {ours} percent are mapped to it and policed"
                yield Breach(path, f"{text}; should be {ours} or more")
