import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./project";
import { workflowFiles } from "./workflows/files";

/** Writes this repository's own workflows. The only thing that does: read the diff before you commit it. */
for (const [path, text] of Object.entries(workflowFiles())) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
  console.log(path);
}
