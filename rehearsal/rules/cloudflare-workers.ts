import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { CloudObject, Props, RuleContext, Rules } from "../types";
import { records, text } from "./aws";
import { hexId, refuseStrangeAccount, scriptExists, zoneOf } from "./cloudflare-lookups";

const ROUTE = "cloudflare:index/workersRoute:WorkersRoute";

export const rules: Rules = {
  "cloudflare:index/workersScript:WorkersScript": {
    // One name per account. The real API would let a second owner overwrite the first without a word.
    id: (_ctx, inputs) => String(inputs.scriptName),
    refuseWrite: refuseScript,
    outputs: (ctx, inputs, _id, previous) => ({
      createdOn: previous?.createdOn ?? ctx.now,
      modifiedOn: ctx.now,
      etag: sha256(String(inputs.content ?? inputs.contentSha256 ?? "")),
      handlers: ["fetch"],
      hasAssets: inputs.assets != null,
      hasModules: inputs.mainModule != null,
      startupTimeMs: 1,
    }),
  },
  "cloudflare:index/workersScriptSubdomain:WorkersScriptSubdomain": {
    id: (_ctx, inputs) => `${inputs.accountId}/${inputs.scriptName}`,
    refuseWrite: (ctx, inputs) => {
      refuseStrangeAccount(ctx, inputs);
      refuseNoScript(ctx, inputs.scriptName, text(inputs.accountId));
    },
  },
  [ROUTE]: {
    id: hexId,
    refuseWrite: refuseRoute,
  },
};

function refuseScript(ctx: RuleContext, inputs: Props): void {
  refuseStrangeAccount(ctx, inputs);
  if (inputs.content == null && inputs.contentFile == null && inputs.assets == null) {
    ctx.refuse(
      "InvalidAttribute",
      `the Worker ${inputs.scriptName} has neither content, contentFile nor assets`,
    );
  }
  const path = text(inputs.contentFile);
  if (path !== undefined) refuseOtherContent(ctx, path, text(inputs.contentSha256));
  for (const binding of records(inputs.bindings)) {
    const service = binding.type === "service" ? text(binding.service) : undefined;
    if (service !== undefined && service !== inputs.scriptName && !scriptExists(ctx, service)) {
      ctx.refuse("10144", `the binding ${binding.name} names the Worker ${service}, which does not exist`);
    }
  }
}

function refuseOtherContent(ctx: RuleContext, path: string, wanted: string | undefined): void {
  if (!existsSync(path)) ctx.refuse("InvalidAttribute", `contentFile ${path} does not exist`);
  if (wanted !== undefined && sha256(readFileSync(path)) !== wanted.toLowerCase()) {
    ctx.refuse("InvalidAttribute", `contentSha256 is not the SHA-256 of ${path}: compute it from the file`);
  }
}

function refuseRoute(ctx: RuleContext, inputs: Props, existing?: CloudObject): void {
  const zone = zoneOf(ctx, inputs);
  const same = (o: CloudObject) => o.inputs.zoneId === inputs.zoneId && o.inputs.pattern === inputs.pattern;
  const twin = ctx.find(ROUTE, (o) => o.id !== existing?.id && same(o));
  if (twin) ctx.refuse("10020", `the zone has a route ${inputs.pattern} already (${twin.id})`);
  const host = text(inputs.pattern)?.split("/")[0];
  if (zone && host !== undefined && !host.endsWith(zone.name)) {
    ctx.refuse("10022", `the route ${inputs.pattern} does not lie in the zone ${zone.name}`);
  }
  // A route without a script is legal: it switches Workers off for its pattern.
  refuseNoScript(ctx, inputs.script, zone?.accountId);
}

function refuseNoScript(ctx: RuleContext, script: unknown, accountId: string | undefined): void {
  const name = text(script);
  if (name !== undefined && !scriptExists(ctx, name, accountId)) {
    ctx.refuse("10007", `the account has no Worker ${name}`);
  }
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
