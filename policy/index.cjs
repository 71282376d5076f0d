// Pulumi would check the pack's types before each run, which takes seconds: tsx only takes them out.
require("../typescript.cjs");
require("./index.ts");
