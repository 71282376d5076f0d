/** The services whose package has another name than the one that people call them by. */
const PACKAGES = { logs: "cloudwatch-logs" };

/** The runtime's own SDK behind one function: service, command, input. */
exports.sdk = (load = require) => {
  const clients = {};
  return (service, command, input) => {
    const name = PACKAGES[service] ?? service;
    const module = load(`@aws-sdk/client-${name}`);
    const wanted = `${name.replaceAll("-", "")}client`;
    const client = Object.keys(module).find((exported) => exported.toLowerCase() === wanted);
    clients[service] ??= new module[client]({});
    return clients[service].send(new module[`${command}Command`](input));
  };
};
