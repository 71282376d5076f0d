import { changedKeys } from "./property-path";
import { deletionGroups } from "./schedule";
import { prerequisites, type ResourceState } from "./stack-state";
import { isProvider } from "./urn";
import type { Workshop } from "./workshop";

/** Deletes what is left of the old state. A group in which something failed is the last one. */
export function deleteLeftovers(shop: Workshop): void {
  const doomed = shop.ledger.leftovers();
  const going = new Set(doomed.map((r) => r.urn));
  for (const group of deletionGroups(doomed)) {
    for (const r of group) {
      const op = r.pendingDelete || shop.ledger.isReplaced(r) ? "delete-replaced" : "delete";
      const vanishes = r.deletedWith !== undefined && going.has(r.deletedWith);
      shop.journal.guard(
        () => shop.remove(r, op, vanishes),
        (error) => shop.journal.fail(error, r.urn),
      );
    }
    if (shop.journal.failures.length > 0) return;
  }
}

/** Keeps what is protected and everything that it needs: it is no leftover any more. */
export function spareProtected(shop: Workshop): void {
  const spared = new Set<string>();
  // Every resource comes after what it needs, so that one look backwards finds all.
  for (const r of [...shop.ledger.leftovers()].reverse())
    if (r.protect || spared.has(r.urn)) for (const urn of [r.urn, ...prerequisites(r)]) spared.add(urn);
  for (const r of shop.ledger.leftovers()) if (spared.has(r.urn)) shop.ledger.record(r, r);
}

/** Brings the state up to what the clouds hold; the clouds stay as they are. */
export function refreshAll(shop: Workshop): void {
  for (const r of shop.ledger.leftovers()) {
    const owned = r.custom && !isProvider(r.type) && !r.pendingDelete;
    shop.journal.guard(
      () => (owned ? refreshOne(shop, r) : keep(shop, r, r)),
      (error) => shop.journal.fail(error, r.urn),
    );
  }
}

function refreshOne(shop: Workshop, r: ResourceState): void {
  const found = shop.find(r.type, r.id ?? "", r.urn);
  if (!found) {
    shop.ledger.forget(r);
    shop.journal.emit("delete", r);
    return;
  }
  const inputs = r.external ? r.inputs : found.inputs;
  const drift = [...changedKeys(inputs, r.inputs), ...changedKeys(found.outputs, r.outputs)];
  keep(shop, { ...r, inputs, outputs: found.outputs }, r, [...new Set(drift)]);
}

function keep(shop: Workshop, next: ResourceState, r: ResourceState, changed: readonly string[] = []): void {
  // A copy that waits for its deletion shares its URN with its successor, so it stays where it is.
  if (r.pendingDelete) return;
  shop.ledger.record(next, r);
  shop.journal.emit(changed.length > 0 ? "update" : "same", next, { changed });
}
