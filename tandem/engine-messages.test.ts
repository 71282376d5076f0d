import assert from "node:assert/strict";
import { homedir } from "node:os";
import { test } from "node:test";
import { cleaner } from "./engine-messages";

const clean = cleaner({ "/somewhere/tandem": "." });

const TABLE = [
  [
    "what a cloud refuses",
    "Preview failed: BucketNotEmpty: media holds 3 objects\n",
    "BucketNotEmpty: media holds 3 objects",
  ],
  [
    "a wrong input, whose value may be a secret",
    "aws:ssm/parameter:Parameter resource 'key': property value value {hunter2} has a problem: value is too long\n",
    "value: value is too long",
  ],
  [
    "a wrong input over several lines",
    "aws:x:X resource 'key': property policy value {a\nb} has a problem: policy is no JSON",
    "policy: policy is no JSON",
  ],
  [
    "a wrong resource",
    "aws:x:X resource 'key' has a problem: one of a and b must be set",
    "one of a and b must be set",
  ],
  [
    "what the program throws, without its trace",
    "Running program '/somewhere/tandem/x/program.ts' failed with an unhandled exception:\nError: no zone\n  give one\n    at load (/somewhere/tandem/config.ts:2:1)\n",
    "no zone\n  give one",
  ],
  [
    "what the program throws where there are no traces",
    "Running program '/x/program.ts' failed with an unhandled exception:\n[ConfigurationError: no zone [a]\n  give one] {\n  mistakes: [ 1 ]\n}\n",
    "no zone [a]\n  give one",
  ],
  [
    "the paths of this machine",
    `cannot read /somewhere/tandem/a.json or ${homedir()}/b`,
    "cannot read ./a.json or ~/b",
  ],
] as const;

for (const [title, message, expected] of TABLE) {
  test(`cleaned: ${title}`, () => assert.equal(clean(message), expected));
}
