#!/usr/bin/env node
process.argv.splice(2, 0, "tandem/main.ts");
require("../launch.cjs");
