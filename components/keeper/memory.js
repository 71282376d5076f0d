/**
 * Two notes, each with one writer, so that calls at the same time lose nothing: what people asked for, and what the
 * rounds have done. They outlive every call, so that one which was interrupted is finished by the next.
 */
exports.read = async (name, { send }) => {
  const { Parameter } = await send("ssm", "GetParameter", { Name: name });
  try {
    return JSON.parse(Parameter.Value) ?? {};
  } catch {
    return {};
  }
};

exports.write = (name, value, { send }) =>
  send("ssm", "PutParameter", { Name: name, Value: JSON.stringify(value), Overwrite: true });
