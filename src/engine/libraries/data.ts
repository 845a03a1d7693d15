/** Where data lives: ORMs, database clients, storage. Which call reads, writes, or takes raw SQL. */
import type { CallPattern, Meaning } from './meaning';

type Sink = Extract<Meaning, { is: 'sink' }>;
const write = (op: string, target: Sink['target']): Meaning => ({ is: 'sink', sink: 'db-write', op, target });
const read = (op: string, target: Sink['target']): Meaning => ({ is: 'sink', sink: 'db-read', op, target });
const sql: Meaning = { is: 'sink', sink: 'sql', op: 'query', target: 'sql' };

export interface OrmInfo {
  readonly id: string;
  readonly packages: readonly string[];
}

export const ORMS: readonly OrmInfo[] = [
  { id: 'prisma', packages: ['@prisma/client'] },
  { id: 'drizzle', packages: ['drizzle-orm'] },
  { id: 'supabase', packages: ['@supabase/supabase-js', '@supabase/ssr', '@supabase/auth-helpers-nextjs'] },
  { id: 'mongoose', packages: ['mongoose'] },
  { id: 'mongodb', packages: ['mongodb'] },
  { id: 'sequelize', packages: ['sequelize', 'sequelize-typescript'] },
  { id: 'typeorm', packages: ['typeorm'] },
  { id: 'knex', packages: ['knex', 'objection'] },
  { id: 'kysely', packages: ['kysely'] },
  { id: 'pg', packages: ['pg', 'pg-promise', 'slonik', 'postgres', '@neondatabase/serverless', '@vercel/postgres'] },
  { id: 'mysql', packages: ['mysql', 'mysql2', 'mariadb'] },
  { id: 'mssql', packages: ['mssql'] },
  { id: 'oracle', packages: ['oracledb'] },
  { id: 'sqlite', packages: ['better-sqlite3', 'sqlite3', 'sqlite'] },
  { id: 'firestore', packages: ['firebase-admin', '@google-cloud/firestore'] },
];

const each = (names: readonly string[], pkg: readonly string[], make: (op: string) => Meaning, shape?: RegExp): CallPattern[] => names.map((n) => (shape ? { pkg, last: [n], shape, means: make(n) } : { pkg, last: [n], means: make(n) }));

const PRISMA = ['@prisma/client', '@prisma/client/*'];
const SUPABASE = /(^|\.|\))from\(\)(\.[\w$]+\(\))*\.\w+$/;
const MODEL_READS = ['find', 'findOne', 'findById', 'findAll', 'findByPk', 'findAndCountAll', 'findOrCreate', 'countDocuments', 'estimatedDocumentCount', 'aggregate', 'distinct', 'findOneBy', 'findBy', 'findAndCount', 'exists', 'paginate'];
const MODEL_WRITES = ['create', 'insertMany', 'updateOne', 'updateMany', 'deleteOne', 'deleteMany', 'findByIdAndUpdate', 'findByIdAndDelete', 'findByIdAndRemove', 'findOneAndUpdate', 'findOneAndDelete', 'findOneAndReplace', 'replaceOne', 'bulkWrite', 'bulkCreate', 'destroy', 'upsert', 'increment', 'decrement', 'insertOne', 'save', 'remove', 'insert', 'update', 'delete', 'softDelete'];
const DOCUMENT_PKGS = ['mongoose', 'mongodb', 'sequelize', 'sequelize-typescript', 'typeorm', 'typegoose', '@typegoose/typegoose', 'mongodb-legacy'];
const SQL_PKGS = ['pg', 'pg/*', 'mysql', 'mysql2', 'mysql2/promise', 'mariadb', 'mariadb/*', 'sqlite3', 'sqlite', 'sqlite/*', 'better-sqlite3', 'libsql', 'libsql/*', 'node:sqlite', 'bun:sqlite', '@neondatabase/serverless', '@vercel/postgres', 'postgres', 'mssql', 'mssql/*', 'oracledb', 'pg-promise', 'slonik', 'deno:postgres/mod', 'sequelize', 'sequelize-typescript', 'typeorm', '@libsql/client', '@libsql/client/*', '@planetscale/database'];

export const DATA_PATTERNS: readonly CallPattern[] = [
  // Prisma
  ...each(['create', 'createMany', 'createManyAndReturn', 'update', 'updateMany', 'updateManyAndReturn', 'upsert', 'delete', 'deleteMany'], PRISMA, (op) => write(op, 'model')),
  ...each(['findUnique', 'findUniqueOrThrow', 'findFirst', 'findFirstOrThrow', 'findMany', 'count', 'aggregate', 'groupBy'], PRISMA, (op) => read(op, 'model')),
  { pkg: PRISMA, last: ['$queryRawUnsafe', '$executeRawUnsafe', '$queryRaw', '$executeRaw'], means: sql },
  // Supabase (resolved or passed around as a parameter: the chain itself is telling)
  ...each(['insert', 'upsert', 'update', 'delete'], ['@supabase/*', '@supabase/supabase-js', '@supabase/ssr'], (op) => write(op, 'from'), SUPABASE),
  ...each(['insert', 'upsert', 'update', 'delete'], [], (op) => write(op, 'from'), /(supabase|admin|client|db|sb)\w*(\(\))?\.from\(\)\.\w+$/i),
  ...each(['select'], ['@supabase/*', '@supabase/supabase-js', '@supabase/ssr'], (op) => read(op, 'from'), /from\(\)\.select$/),
  ...each(['select'], [], (op) => read(op, 'from'), /(supabase|admin|client|db|sb)\w*(\(\))?\.from\(\)\.select$/i),
  { pkg: [], last: ['rpc'], shape: /(supabase|admin|client|createClient|sb)\w*(\(\))?(\.schema\(\))?\.rpc$/i, means: write('rpc', 'arg0') },
  { pkg: ['@supabase/*', '@supabase/supabase-js', '@supabase/ssr'], last: ['rpc'], means: write('rpc', 'arg0') },
  { pkg: [], last: ['upload', 'remove', 'move', 'copy', 'createSignedUrl', 'createSignedUrls', 'createSignedUploadUrl', 'download', 'list'], shape: /\.storage\.from\(\)\.\w+$/, means: { is: 'sink', sink: 'storage', op: 'storage', target: 'from' } },
  { pkg: [], last: ['createUser', 'deleteUser', 'updateUserById', 'inviteUserByEmail', 'generateLink', 'listUsers', 'getUserById'], shape: /\.auth\.admin\.\w+$/, means: { is: 'sink', sink: 'auth-admin', op: 'auth.admin', target: 'none' } },
  { pkg: [], last: ['createUser', 'deleteUser', 'updateUser', 'setCustomUserClaims', 'createCustomToken', 'generatePasswordResetLink', 'listUsers'], shape: /(^|\.)(getAuth\(\)|auth\(\)|adminAuth)\.\w+$/, means: { is: 'sink', sink: 'auth-admin', op: 'auth', target: 'none' } },
  // Drizzle
  ...each(['insert', 'update', 'delete'], ['drizzle-orm', 'drizzle-orm/*'], (op) => write(op, 'arg0'), /drizzle\(\)(\.\w+\(\))*\.(insert|update|delete)$/),
  { pkg: ['drizzle-orm', 'drizzle-orm/*'], last: ['from'], shape: /select(Distinct|DistinctOn)?\(\)\.from$/, means: read('select', 'arg0') },
  ...each(['findMany', 'findFirst'], ['drizzle-orm', 'drizzle-orm/*'], (op) => read(op, 'model'), /\.query\.\w+\.\w+$/),
  { pkg: ['drizzle-orm', 'drizzle-orm/*'], last: ['execute', 'run', 'all', 'get'], shape: /drizzle\(\)\.\w+$/, means: sql },
  // Mongoose, MongoDB driver, Sequelize, TypeORM
  ...each(MODEL_READS, DOCUMENT_PKGS, (op) => read(op, 'collection')),
  ...each(MODEL_WRITES, DOCUMENT_PKGS, (op) => write(op, 'collection')),
  ...each(['find', 'findOne', 'aggregate', 'countDocuments'], [], (op) => read(op, 'collection'), /\.collection\(\)\.\w+$/),
  ...each(['insertOne', 'insertMany', 'updateOne', 'updateMany', 'deleteOne', 'deleteMany', 'insert', 'update', 'remove', 'replaceOne', 'findOneAndUpdate', 'findAndModify', 'bulkWrite'], [], (op) => write(op, 'collection'), /\.collection\(\)\.\w+$/),
  // Embedded document stores with the same verbs
  ...each(['find', 'findOne', 'count'], [], (op) => read(op, 'collection'), /(^|\.)(Collection|Datastore)\(\)\.\w+$/),
  ...each(['insert', 'update', 'remove', 'insertOne', 'updateOne', 'deleteOne'], [], (op) => write(op, 'collection'), /(^|\.)(Collection|Datastore)\(\)\.\w+$/),
  // Plain SQL clients
  { pkg: ['mssql', 'mssql/*'], last: ['execute'], shape: /(^|\.)[rR]equest\(\)(\.\w+\(\))*\.execute$/, means: write('procedure', 'arg0') },
  { pkg: ['pg-promise'], last: ['none', 'one', 'oneOrNone', 'any', 'many', 'manyOrNone', 'result', 'multi', 'multiResult'], means: sql },
  { pkg: ['slonik'], last: ['any', 'anyFirst', 'many', 'manyFirst', 'maybeOne', 'maybeOneFirst', 'one', 'oneFirst', 'exists'], means: sql },
  { pkg: ['better-sqlite3', 'bun:sqlite', 'libsql'], last: ['transaction'], means: { is: 'wrapper' } },
  // Texts of statements with values beside them, sent later
  { pkg: ['slonik', 'drizzle-orm', 'kysely', 'sql-template-tag', '@prisma/client', '@prisma/client/*'], last: ['sql', 'unsafe', 'fragment'], shape: /^(Prisma\.)?sql(\.unsafe|\.fragment)?$/, means: { is: 'statement' } },
  { pkg: ['sql-template-strings', 'sql-template-tag'], last: ['', 'SQL', 'default'], means: { is: 'statement' } },
  { pkg: SQL_PKGS, last: ['executeMany'], means: sql },
  { pkg: SQL_PKGS, last: ['query', 'execute', 'run', 'all', 'get', 'exec', 'each', 'unsafe', 'queryObject', 'queryArray', 'prepare', 'batch'], means: sql },
  { pkg: [], last: ['query', 'execute'], shape: /(^|\.)(pool|db|conn|connection|client|pg|database|sequelize|dataSource|manager)(\(\))?\.(query|execute)$/i, means: sql },
  { pkg: ['@neondatabase/serverless', 'postgres', '@vercel/postgres'], last: ['()', 'sql', 'neon()'], means: sql },
  // Knex and Kysely
  ...each(['insert', 'update', 'delete', 'del', 'increment', 'decrement'], ['knex', 'objection'], (op) => write(op, 'called')),
  ...each(['select', 'first', 'where', 'pluck'], ['knex'], (op) => read(op, 'called'), /\(\)\(\)\.\w+$/),
  { pkg: ['knex'], last: ['raw'], means: sql },
  ...each(['insertInto', 'updateTable', 'deleteFrom', 'replaceInto'], ['kysely'], (op) => write(op, 'arg0')),
  { pkg: ['kysely'], last: ['selectFrom'], means: read('selectFrom', 'arg0') },
  // Firestore
  ...each(['set', 'add', 'update', 'delete', 'create'], ['firebase-admin', 'firebase-admin/*', '@google-cloud/firestore'], (op) => write(op, 'collection'), /(collection|doc)\(\)(\.\w+\(\))*\.\w+$/),
  ...each(['get'], ['firebase-admin', 'firebase-admin/*', '@google-cloud/firestore'], (op) => read(op, 'collection'), /(collection|doc)\(\)(\.\w+\(\))*\.get$/),
  ...each(['set', 'add', 'update', 'delete'], [], (op) => write(op, 'collection'), /(^|\.)(db|firestore|admin\.firestore\(\))\.collection\(\)(\.doc\(\))?\.\w+$/),
  ...each(['get'], [], (op) => read(op, 'collection'), /(^|\.)(db|firestore|admin\.firestore\(\))\.collection\(\)(\.\w+\(\))*\.get$/),
];
