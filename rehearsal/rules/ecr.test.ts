import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyState } from "../state";
import { ACCOUNT, EMPTY_WORLD, FakeCloud, refusal } from "./context.test-helper";
import { imagesIn, registries, rules, unpullable } from "./ecr";

const REPOSITORY = "aws:ecr/repository:Repository";
const DIGEST = `sha256:${"a".repeat(64)}`;
const URL = `${ACCOUNT}.dkr.ecr.eu-west-3.amazonaws.com/shop`;

function registry(inputs = {}, images: Record<string, string[]> = { shop: [DIGEST] }) {
  const cloud = new FakeCloud(rules, { ...EMPTY_WORLD, images });
  return { cloud, repository: cloud.create(REPOSITORY, { name: "shop", ...inputs }) };
}

test("a repository's address names account and region", () => {
  assert.equal(registry().repository.outputs.repositoryUrl, URL);
});

test("a repository's name is taken once", () => {
  const create = () => registry().cloud.create(REPOSITORY, { name: "shop" }, "b");
  assert.throws(create, refusal("RepositoryAlreadyExistsException"));
});

test("a repository with images is kept, unless forceDelete", () => {
  const { cloud, repository } = registry();
  assert.throws(() => cloud.remove(repository), refusal("RepositoryNotEmptyException", /1 image/));
  cloud.update(repository, { forceDelete: true });
  cloud.remove(repository);
  const empty = registry({}, {});
  empty.cloud.remove(empty.repository);
});

test("exclusion filters need a mutability that has exclusions", () => {
  const filters = [{ filter: "dev-*", filterType: "WILDCARD" }];
  const create = () =>
    registry({ imageTagMutability: "IMMUTABLE", imageTagMutabilityExclusionFilters: filters });
  assert.throws(create, refusal("InvalidParameterException"));
});

test("the world's images are there as soon as the repository is", () => {
  const cloud = new FakeCloud(rules, { ...EMPTY_WORLD, images: { shop: [DIGEST] } });
  const ctx = cloud.context(REPOSITORY, "x", {});
  assert.match(unpullable(ctx, `${URL}@${DIGEST}`) ?? "", /does not exist/);
  cloud.create(REPOSITORY, { name: "shop" });
  assert.equal(unpullable(ctx, `${URL}@${DIGEST}`), undefined);
  assert.match(unpullable(ctx, `${URL}:v1`) ?? "", /not pushed/);
  assert.equal(unpullable(ctx, "public.example/other:1"), undefined);
});

test("an image that was copied into the repository is there", () => {
  const { cloud, repository } = registry({}, {});
  repository.contents = { images: [DIGEST] };
  assert.equal(unpullable(cloud.context(REPOSITORY, "x", {}), `${URL}@${DIGEST}`), undefined);
});

test("policies are documents about a repository that exists", () => {
  const { cloud } = registry();
  const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
  const rulesText = JSON.stringify({ rules: [] });
  const put = (inputs: object) => () => cloud.create(LIFECYCLE, { ...inputs });
  assert.throws(put({ repository: "none", policy: rulesText }), refusal("RepositoryNotFoundException"));
  assert.throws(put({ repository: "shop", policy: "{}" }), refusal("InvalidParameterException"));
  put({ repository: "shop", policy: rulesText })();
  const access = { repository: "shop", policy: "[]" };
  const create = () => cloud.create("aws:ecr/repositoryPolicy:RepositoryPolicy", access);
  assert.throws(create, refusal("InvalidParameterException"));
});

test("an account's registries and their images are listed; one that the world fills counts already", () => {
  const { cloud, repository } = registry({}, { shop: [DIGEST], office: ["v1"] });
  repository.contents = { images: ["v2"] };
  const state = { ...emptyState(cloud.world), objects: { shop: { ...repository, origin: "shop#1" } } };
  const here = { account: ACCOUNT, region: "eu-west-3" };
  assert.deepEqual(registries(state, here), ["office", "shop"]);
  assert.deepEqual(imagesIn(state, { ...here, name: "shop" }), [DIGEST, "v2"]);
  assert.deepEqual(imagesIn(state, { ...here, name: "office" }), ["v1"]);
  assert.equal(imagesIn(state, { ...here, name: "none" }), undefined);
});
