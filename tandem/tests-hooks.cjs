/**
 * Loaded before Node's test runner. The runner follows every promise, and when it is collected, to know which test
 * an uncaught error belongs to; Pulumi's SDK makes promises by the hundred thousand, and that was a quarter of the
 * suite's time. Here it follows everything but promises: an unhandled rejection fails its file instead of its test.
 */
const hooks = require("node:async_hooks");

const { createHook } = hooks;
hooks.createHook = ({ init }) =>
  createHook({
    init(id, type, trigger, resource) {
      if (type !== "PROMISE") init(id, type, trigger, resource);
    },
  });
require("node:test");
hooks.createHook = createHook;
