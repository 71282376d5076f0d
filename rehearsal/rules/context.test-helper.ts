import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  type CloudObject,
  CloudRefusal,
  type Props,
  type Rule,
  type RuleContext,
  type Rules,
  type World,
} from "../types";

export const ACCOUNT = "111122223333";

export const EMPTY_WORLD: World = {
  zones: {},
  repositories: {},
  users: {},
  verifiedMail: [],
  images: {},
  databases: {},
};

/** The smallest cloud that rules can run in: what a rule refuses and changes, without facts or engines. */
export class FakeCloud {
  readonly objects: CloudObject[] = [];
  now = "2026-11-22T12:00:00.000Z";

  constructor(
    private readonly rules: Rules,
    readonly world: World = EMPTY_WORLD,
  ) {}

  context(type: string, name: string, inputs: Props): RuleContext {
    return {
      type,
      urn: `urn:pulumi:test::test::${type}::${name}`,
      account: ACCOUNT,
      region: typeof inputs.region === "string" ? inputs.region : "eu-west-3",
      now: this.now,
      world: this.world,
      all: (wanted) => this.objects.filter((o) => o.type === wanted),
      find: (wanted, which) => this.objects.find((o) => o.type === wanted && which(o)),
      hex: (purpose, length) =>
        createHash("sha256").update(`${type} ${name} ${purpose}`).digest("hex").slice(0, length),
      refuse: (code, message) => {
        throw new CloudRefusal(code, message);
      },
    };
  }

  create(type: string, inputs: Props, name = "main"): CloudObject {
    const rule = this.rule(type);
    const ctx = this.context(type, name, inputs);
    rule.refuseWrite?.(ctx, inputs);
    rule.refuseCreate?.(ctx, inputs);
    const id = rule.id?.(ctx, inputs) ?? `${name}-${ctx.hex("id", 7)}`;
    assert.ok(
      !this.objects.some((o) => o.type === type && o.id === id && !o.contents?.deletedAt),
      `${id} twice`,
    );
    const outputs = { ...inputs, ...rule.outputs?.(ctx, inputs, id) };
    const object: CloudObject = { account: ACCOUNT, type, id, inputs, outputs, createdAt: this.now };
    this.objects.push(object);
    rule.after?.(ctx, object);
    return object;
  }

  update(object: CloudObject, changes: Props, name = "main"): CloudObject {
    const rule = this.rule(object.type);
    const inputs = { ...object.inputs, ...changes };
    const ctx = this.context(object.type, name, inputs);
    rule.refuseWrite?.(ctx, inputs, object);
    rule.refuseUpdate?.(ctx, inputs, object);
    object.outputs = { ...inputs, ...rule.outputs?.(ctx, inputs, object.id, object.outputs) };
    object.inputs = inputs;
    rule.after?.(ctx, object);
    return object;
  }

  remove(object: CloudObject, name = "main"): void {
    const rule = this.rule(object.type);
    const ctx = this.context(object.type, name, object.inputs);
    rule.refuseDelete?.(ctx, object);
    if (rule.keepsAfterDelete?.(ctx, object) === true) return;
    this.objects.splice(this.objects.indexOf(object), 1);
  }

  private rule(type: string): Rule {
    const rule = this.rules[type];
    assert.ok(rule !== undefined, `no rule for ${type}`);
    return rule;
  }
}

/** What `assert.throws` expects of a refusal: its code and, where given, words of its message. */
export function refusal(code: string, words = /./): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof CloudRefusal, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, words);
    return true;
  };
}

/** A trust policy for a service. */
export function trust(service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
}
