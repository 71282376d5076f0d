/** The runtime's own SDK behind one function: service (`cloudwatch@us-east-1` names a region), command, input. */
exports.sdk = (load = require) => {
  const clients = {};
  return (where, command, input) => {
    const [service, region] = where.split("@");
    const module = load(`@aws-sdk/client-${service}`);
    const wanted = `${service.replaceAll("-", "")}client`;
    const client = Object.keys(module).find((exported) => exported.toLowerCase() === wanted);
    clients[where] ??= new module[client](region === undefined ? {} : { region });
    return clients[where].send(new module[`${command}Command`](input));
  };
};
