/** How to go back to the data of before a migration, in words that can be pasted. */
exports.restoreWords = (backups) =>
  backups
    .flatMap(({ instance, snapshot }) => [
      `The data of before is in snapshot ${snapshot}. Beside the database, it is restored by`,
      `  aws rds restore-db-instance-from-db-snapshot --db-instance-identifier ${instance}-restored --db-snapshot-identifier ${snapshot}`,
      `or by configuration, as a database under a new key with  adopt: { snapshot: ${snapshot} }`,
    ])
    .join("\n");
