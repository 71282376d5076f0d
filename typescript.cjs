/**
 * Loads this project's TypeScript: `node --require ./typescript.cjs <file>`. tsx reads every file that is required, to
 * find out whether it has to be translated; what stands in node_modules never has, and the SDKs are thousands of files:
 * without this a program of Pulumi's starts a second later.
 */
const Module = require("node:module");
const { sep } = require("node:path");

const PACKAGES = `${sep}node_modules${sep}`;
const plain = { load: Module._extensions[".js"], resolve: Module._resolveFilename };
require("tsx/cjs");
const tsx = { load: Module._extensions[".js"], resolve: Module._resolveFilename };

Module._extensions[".js"] = (module, file) => (file.includes(PACKAGES) ? plain : tsx).load(module, file);
Module._resolveFilename = (request, parent, ...rest) =>
  (parent?.filename?.includes(PACKAGES) ? plain : tsx).resolve.call(Module, request, parent, ...rest);
