import { z } from "zod";
import { DEFAULT_MYSQL, mysqlLine, supportedMysql } from "../engines";
import { variableName } from "../values";

const schemaName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "a letter, then up to 63 letters, digits or _");

/** What the name of a schema beside begins with: who may reach it is known by that. */
export const besideOf = (name: string): string => `${name.slice(0, 40)}_`;

const keys = z.strictObject({
  engine: z.literal("mysql", "mysql: other engines have no component yet").default("mysql"),
  version: z
    .string('a version in quotes, such as "8.4"')
    .refine((version) => mysqlLine(version) !== undefined, {
      error: () => `a MySQL version in standard support: ${supportedMysql()}`,
    })
    .default(DEFAULT_MYSQL),
  /** The schema's name, as the application spells it. Fixed: another one would be another instance. */
  name: schemaName,
  /**
   * The schema that applications are given instead, in the same server: one that was restored beside. `name` stays
   * as it is, and is what they have again once this is taken out. @default name
   */
  serves: schemaName.optional(),
  /** The application's own user. */
  user: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,15}$/, "a lower case letter, then up to 15 letters, digits or _")
    .refine(
      (user) => !["root", "admin", "rdsadmin", "mysql"].includes(user),
      "the application's own user, never root, admin, mysql or rdsadmin",
    )
    .default("app"),
  port: z.literal(3306, "3306, MySQL's port (5432 is PostgreSQL's)").default(3306),
  /** Instance class. */
  size: z
    .string()
    .regex(/^db\.(t4g|m[678]g|r[678]g)\.[0-9a-z]+$/, "an ARM instance class such as db.t4g.micro")
    .default("db.t4g.micro"),
  /** Disk at first, in GiB. It grows by itself and never shrinks. */
  storage: z.int().min(20, "at least 20 GiB: gp3's smallest").max(65_536).default(20),
  /** How far the disk may grow, in GiB. */
  maxStorage: z.int().min(22).max(65_536).default(100),
  /** An existing database to take over instead of creating an empty one. */
  adopt: z
    .union(
      [
        /** A new instance from this snapshot: the data is adopted, the original stays as it is. */
        z.strictObject({ snapshot: z.string().min(1) }),
        /** The instance itself, used where it stands: never changed, never deleted. */
        z.strictObject({ instance: z.string().min(1), password: variableName }),
      ],
      "{ snapshot: <identifier> } or { instance: <identifier>, password: <name of a given secret> }",
    )
    .optional(),
});

export const database = keys.superRefine(({ name, serves }, context) => {
  if (serves === undefined || serves.startsWith(besideOf(name))) return;
  const message = `a schema that was restored beside ${name}: its name begins with ${besideOf(name)}`;
  context.addIssue({ code: "custom", path: ["serves"], message });
});

export const bucket = z.strictObject({
  /** Days that a replaced or deleted version is kept. */
  keepVersions: z.int().min(1).max(3650).default(30),
  /** Days after which an object is deleted. @default never */
  expire: z.int().min(1).max(3650).optional(),
});
