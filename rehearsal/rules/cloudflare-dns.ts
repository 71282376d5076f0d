import type { CloudObject, Props, RuleContext, Rules } from "../types";
import { text } from "./aws";
import { hexId, type Zone, zoneOf } from "./cloudflare-lookups";

const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const MAIL = "cloudflare:index/emailRoutingDns:EmailRoutingDns";
const NEEDS_PRIORITY = ["MX", "SRV", "URI"];
const HOST_TYPES = ["A", "AAAA", "CNAME"];

export const rules: Rules = {
  [RECORD]: {
    id: hexId,
    refuseWrite: refuseRecord,
    refuseCreate: (ctx, inputs) => {
      if (inputs.proxied === true && Number(inputs.ttl) !== 1) {
        ctx.refuse(
          "InvalidAttribute",
          `ttl of the proxied record ${inputs.name} is ${inputs.ttl}; it must be 1`,
        );
      }
    },
    outputs: (ctx, inputs, _id, previous) => ({
      createdOn: previous?.createdOn ?? ctx.now,
      modifiedOn: ctx.now,
      proxied: inputs.proxied ?? false,
      proxiable: HOST_TYPES.includes(String(inputs.type)),
      meta: "{}",
    }),
  },
  "cloudflare:index/zoneDnssec:ZoneDnssec": {
    id: (_ctx, inputs) => String(inputs.zoneId),
    refuseWrite: (ctx, inputs) => void zoneOf(ctx, inputs),
    outputs: (ctx, inputs) => dnssec(ctx, inputs),
  },
};

function refuseRecord(ctx: RuleContext, inputs: Props, existing?: CloudObject): void {
  const zone = zoneOf(ctx, inputs);
  const type = String(inputs.type);
  if (NEEDS_PRIORITY.includes(type) && inputs.priority == null) {
    ctx.refuse("InvalidAttribute", `a record of type ${type} needs a priority`);
  }
  const name = zone && fullName(zone, inputs.name);
  if (!zone || name === undefined) return;
  const others = ctx.all(RECORD).filter((o) => o.id !== existing?.id && o.inputs.zoneId === zone.id);
  const sameName = others.filter((o) => fullName(zone, o.inputs.name) === name);
  refuseTwin(ctx, inputs, name, sameName);
  refuseBesideCname(ctx, type, name, sameName);
  const mail = ctx.find(MAIL, (o) => o.inputs.zoneId === zone.id && mailName(zone, o.inputs) === name);
  if (type === "MX" && mail) {
    ctx.refuse(
      "Conflict",
      `Email Routing owns the MX records of ${name}: a domain cannot have others beside them`,
    );
  }
}

function refuseTwin(ctx: RuleContext, inputs: Props, name: string, sameName: readonly CloudObject[]): void {
  const value = contentOf(inputs);
  const twin = sameName.find((o) => o.inputs.type === inputs.type && contentOf(o.inputs) === value);
  if (twin) ctx.refuse("81058", `${name} has this very ${inputs.type} record already (${twin.id})`);
}

function refuseBesideCname(ctx: RuleContext, type: string, name: string, sameName: readonly CloudObject[]) {
  const types = sameName.map((o) => String(o.inputs.type));
  const host = types.find((t) => HOST_TYPES.includes(t));
  if (type === "CNAME" && host)
    ctx.refuse("81053", `${name} has a record of type ${host}: no CNAME beside it`);
  if (HOST_TYPES.includes(type) && types.includes("CNAME")) {
    ctx.refuse("81054", `${name} has a CNAME record: no ${type} beside it`);
  }
}

/** Refuses Email Routing on a name that has MX records of its own. */
export function refuseOtherMail(ctx: RuleContext, inputs: Props): void {
  const zone = zoneOf(ctx, inputs);
  const name = zone && mailName(zone, inputs);
  const mx = ctx.find(
    RECORD,
    (o) =>
      zone !== undefined &&
      o.inputs.type === "MX" &&
      o.inputs.zoneId === zone.id &&
      fullName(zone, o.inputs.name) === name,
  );
  if (mx)
    ctx.refuse(
      "Conflict",
      `${name} has other MX records (${mx.inputs.content}): Email Routing wants to be alone`,
    );
}

function mailName(zone: Zone, inputs: Props): string | undefined {
  return fullName(zone, inputs.name ?? inputs.subdomain ?? "@");
}

/** Names may be relative, `@` or full; the API knows only full ones. */
function fullName(zone: Zone, given: unknown): string | undefined {
  const name = text(given)?.toLowerCase().replace(/\.$/, "");
  if (name === undefined) return undefined;
  if (name === "@" || name === zone.name) return zone.name;
  return name.endsWith(`.${zone.name}`) ? name : `${name}.${zone.name}`;
}

function contentOf(inputs: Props): string {
  const content = text(inputs.content)?.toLowerCase().replace(/\.$/, "");
  return JSON.stringify([content, inputs.data ?? null, inputs.priority ?? null]);
}

function dnssec(ctx: RuleContext, inputs: Props): Props {
  const digest = ctx.hex("digest", 64).toUpperCase();
  const keyTag = Number.parseInt(ctx.hex("key tag", 4), 16);
  const zone = zoneOf(ctx, inputs);
  return {
    // It becomes active when the registrar has the DS record, which no API call here can bring about.
    status: inputs.status === "disabled" ? "disabled" : "pending",
    algorithm: "13",
    digest,
    digestAlgorithm: "SHA256",
    digestType: "2",
    ds: `${zone?.name}. 3600 IN DS ${keyTag} 13 2 ${digest}`,
    flags: 257,
    keyTag,
    keyType: "ECDSAP256SHA256",
    publicKey: Buffer.from(ctx.hex("public key", 128), "hex").toString("base64"),
    modifiedOn: ctx.now,
  };
}
