import { CloudRefusal, type Props } from "./types";

/** Something that goes wrong once, at a chosen create. */
export interface Fault {
  readonly type: string;
  /** Which create of the type from now on, the first being 1. */
  readonly nth: number;
  /** `fail`: nothing is created. `timeout`: it is created, but nobody hears. `kill`: likewise, and the program ends. */
  readonly kind: "fail" | "timeout" | "kill";
}

/** The process that asked is gone in mid-operation: nothing after it may run or write state. */
export class Killed extends Error {
  override readonly name = "Killed";
}

/** A create that went wrong after the object came to be: it exists, and its id must not be lost. */
export class CreatedButFailed extends CloudRefusal {
  constructor(
    cause: CloudRefusal,
    readonly id: string,
    readonly outputs: Props,
  ) {
    super(cause.code, cause.message.slice(cause.code.length + 2));
  }
}

/** Counts a create and takes the fault that is due out of the list. */
export function due(faults: Fault[], type: string): Fault | undefined {
  const at = faults.findIndex((f) => f.type === type && f.nth <= 1);
  const hit = at < 0 ? undefined : faults.splice(at, 1)[0];
  faults.forEach((f, i) => {
    if (f.type === type) faults[i] = { ...f, nth: f.nth - 1 };
  });
  return hit;
}

/** Ends a create as the fault says. Called before the object is stored for `fail`, after it otherwise. */
export function strike(fault: Fault, urn: string): never {
  if (fault.kind === "kill") throw new Killed(`the program was killed while it created ${urn}`);
  if (fault.kind === "timeout")
    throw new CloudRefusal("RequestTimeout", `no answer in time while creating ${urn}`);
  throw new CloudRefusal("InternalFailure", `an injected failure at the creation of ${urn}`);
}
