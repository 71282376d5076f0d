import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as github from "@pulumi/github";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Cloud } from "../rehearsal/cloud";
import { run } from "../rehearsal/engine";
import { isResource } from "../tandem/way";
import { failOn, measured } from "./measured";
import type { Flat, Recording, Wired } from "./recording";

/**
 * A child of the measurement: registers what was recorded, with the same types, names and inputs, as a program
 * without components or configuration would, under the SDK's default stack traces.
 */
async function main([file = ""]: readonly string[]): Promise<void> {
  const { resources, world } = JSON.parse(readFileSync(file, "utf8")) as Recording;
  const cloud = Cloud.empty(world);
  await measured(async () => {
    const { failures, steps } = await run({
      project: "oc-pizza",
      stack: "sandbox",
      config: {},
      secretKeys: [],
      program: async () => declare(resources),
      cloud,
      account: "111111111111",
      operation: "preview",
    });
    failOn(failures);
    return steps.filter(isResource).length;
  });
}

type Declared = Readonly<Record<string, unknown>> & pulumi.CustomResource;

function declare(resources: readonly Flat[]): Record<string, unknown> {
  const made = new Map<string, Declared>();
  for (const { urn, type, name, inputs, secretInputs, ...opts } of resources) {
    const args = Object.entries(inputs).map(([key, value]) => {
      const input = unwired(value, made);
      return [key, secretInputs.includes(key) ? pulumi.secret(input) : input];
    });
    const dependsOn = opts.dependsOn.map((on) => made.get(on) as Declared);
    const resource = new (classOf(type))(name, Object.fromEntries(args), { ...opts, dependsOn });
    made.set(urn, resource);
  }
  return {};
}

type Class = new (...args: unknown[]) => Declared;

/** Imported before the measurement begins, as the components import them. */
const LIBRARIES = { aws, cloudflare, github, random } as unknown as Readonly<Record<string, Library>>;
type Library = Readonly<Record<string, Class & Readonly<Record<string, Class>>>>;

/** `aws:ec2/vpc:Vpc` is `aws.ec2.Vpc`; the other packages have no modules. */
function classOf(type: string): Class {
  const [name = "", path = "", kind = ""] = type.split(":");
  const module = path.split("/")[0] ?? "";
  const found = module === "index" ? LIBRARIES[name]?.[kind] : LIBRARIES[name]?.[module]?.[kind];
  if (found === undefined) throw new Error(`no class is known for ${type}`);
  return found;
}

/** The same value, with what other resources compute taken from them. */
function unwired(value: unknown, made: ReadonlyMap<string, Declared>): unknown {
  if (Array.isArray(value)) return value.map((inner) => unwired(inner, made));
  if (typeof value !== "object" || value === null) return value;
  if ("wired" in value) {
    const parts = (value as Wired).wired.map((part) =>
      typeof part === "string" ? part : (made.get(part.urn)?.[part.property] as pulumi.Output<unknown>),
    );
    return parts.length === 1 ? parts[0] : pulumi.concat(...parts);
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwired(inner, made)]));
}

void main(process.argv.slice(2));
