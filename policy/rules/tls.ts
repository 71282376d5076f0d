import { type Fields, fields, list, statements } from "../reading";
import type { Rule } from "../rule";

/** Nothing is spoken in clear: buckets, load balancers, MySQL, the zone. */
export const tlsOnly: Rule = {
  name: "tls-only",
  why: "what travels in clear can be read and changed on its way",
  remedy:
    "deny aws:SecureTransport false in a bucket's policy; HTTPS with a policy of TLS 1.2 or newer on a listener; require_secure_transport: 1 for MySQL; strict, 1.2 and on in the zone",
  check: ({ type, props }) => CHECKS[type]?.(props) ?? [],
};

const CHECKS: Readonly<Record<string, (props: Fields) => readonly string[]>> = {
  "aws:s3/bucketPolicy:BucketPolicy": ({ policy }) =>
    statements(policy).some(deniesClear) ? [] : ["the bucket answers without TLS"],
  "aws:lb/listener:Listener": listener,
  "aws:rds/parameterGroup:ParameterGroup": parameters,
  "cloudflare:index/zoneSetting:ZoneSetting": zoneSetting,
};

/** Everybody, everything, the bucket and its objects, and on no further condition. */
function deniesClear({ Effect, Principal, Action, Resource, Condition }: Fields): boolean {
  const everybody = Principal === "*" || list(fields(Principal).AWS).includes("*");
  const everything = list(Action).some((action) => action === "*" || action === "s3:*");
  const resources = list(Resource).map(String);
  const all =
    resources.includes("*") ||
    (resources.some((one) => one.endsWith("/*")) && resources.some((one) => !one.endsWith("/*")));
  return Effect === "Deny" && everybody && everything && all && isClear(fields(Condition));
}

function isClear(condition: Fields): boolean {
  const [operator, another] = Object.keys(condition);
  const asked = Object.entries(fields(condition.Bool));
  const only = operator === "Bool" && another === undefined && asked.length === 1;
  return (
    only && asked.every(([key, value]) => isTransport(key) && list(value).map(String).join() === "false")
  );
}

const isTransport = (key: string) => key.toLowerCase() === "aws:securetransport";

/** TLS 1.2 at least, by the names that AWS gives its policies. */
const MODERN = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/;

function listener({ protocol, sslPolicy }: Fields): string[] {
  if (protocol !== "HTTPS" && protocol !== "TLS") return [`it speaks ${String(protocol ?? "HTTP")}`];
  return MODERN.test(String(sslPolicy)) ? [] : ["its TLS policy admits versions before 1.2, or is not said"];
}

function parameters({ family, parameters: given }: Fields): string[] {
  if (!String(family).startsWith("mysql")) return [];
  const found = list(given)
    .map(fields)
    .find(({ name }) => name === "require_secure_transport");
  return ["1", "ON"].includes(String(found?.value).toUpperCase()) ? [] : ["MySQL answers without TLS"];
}

const ZONE: Readonly<Record<string, readonly string[]>> = {
  ssl: ["strict"],
  always_use_https: ["on"],
  min_tls_version: ["1.2", "1.3"],
};

function zoneSetting({ settingId, value }: Fields): string[] {
  const allowed = ZONE[String(settingId)];
  if (allowed === undefined || allowed.includes(String(value))) return [];
  return [`the zone's ${String(settingId)} is none of ${allowed.join(", ")}`];
}
