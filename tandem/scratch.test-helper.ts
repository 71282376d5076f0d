import { mkdirSync, mkdtempSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./project";

/** For tests: a new folder below the checkout, where programs find its modules. The caller removes it. */
export function scratch(name: string): string {
  const kept = join(ROOT, ".tandem");
  mkdirSync(kept, { recursive: true });
  return mkdtempSync(join(kept, `${name}-`));
}
