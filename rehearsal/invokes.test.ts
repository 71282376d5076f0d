import assert from "node:assert/strict";
import { test } from "node:test";
import { Cloud } from "./cloud";
import { remembering, worldFor } from "./world";

const account = "111111111111";
const DIGEST = `sha256:${"a".repeat(64)}`;
const cloud = Cloud.empty(worldFor({ images: { shop: [DIGEST, "v1"] } }));
const ask = (token: string, args = {}) => cloud.invoke({ token, args, account });

test("registries and their images are answered in lists, as the provider has them", () => {
  assert.deepEqual(ask("aws:ecr/getRepositories:getRepositories").names, ["shop"]);
  const { imageIds } = ask("aws:ecr/getImages:getImages", { repositoryName: "shop" });
  assert.deepEqual(imageIds, [{ imageDigest: DIGEST }, { imageTag: "v1" }]);
});

test("the images of a registry that is not there are refused as the API does", () => {
  const images = () => ask("aws:ecr/getImages:getImages", { repositoryName: "none" });
  assert.throws(images, /^CloudRefusal: RepositoryNotFoundException: there is no repository "none"$/);
});

test("what was pushed stays in its registry when another release is configured", () => {
  const before = worldFor({ images: { shop: ["a"], gone: ["x"] }, users: ["ada"] });
  const now = worldFor({ images: { shop: ["b", "a"], office: ["c"] }, users: ["lin"] });
  const world = remembering(before, now);
  assert.deepEqual(world.images, { shop: ["a", "b"], gone: ["x"], office: ["c"] });
  assert.deepEqual(Object.keys(world.users), ["lin"]);
});
