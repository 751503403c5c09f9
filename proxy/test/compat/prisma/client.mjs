// Made of schema.prisma by Prisma's generator "prisma-client" and bundled by esbuild; see there.

var __defProp = Object.defineProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};

// client.ts
import * as path from "node:path";
import { fileURLToPath } from "node:url";

// internal/class.ts
import * as runtime from "@prisma/client/runtime/client";
var config = {
  "previewFeatures": [],
  "clientVersion": "7.10.1",
  "engineVersion": "d1b3f377ca835d73fd50954a5e22128b9ebdd6b8",
  "activeProvider": "postgresql",
  "inlineSchema": 'generator client {\n  provider     = "prisma-client"\n  output       = "generated"\n  moduleFormat = "esm"\n}\n\ndatasource db {\n  provider = "postgresql"\n}\n\nmodel List {\n  id     String  @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid\n  userId String  @default(dbgenerated("auth.user_id()")) @map("user_id")\n  name   String\n  todos  Entry[]\n\n  @@map("compat_lists")\n}\n\nmodel Entry {\n  id     String    @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid\n  listId String    @map("list_id") @db.Uuid\n  list   List      @relation(fields: [listId], references: [id])\n  task   String\n  done   Boolean   @default(false)\n  due    DateTime? @db.Timestamptz(3)\n  cost   Decimal?\n  big    BigInt?\n  ratio  Float?\n  meta   Json?\n  tags   String[]\n  photo  Bytes?\n\n  @@map("compat_entries")\n}\n',
  "runtimeDataModel": {
    "models": {},
    "enums": {},
    "types": {}
  },
  "parameterizationSchema": {
    "strings": [],
    "graph": ""
  }
};
config.runtimeDataModel = JSON.parse('{"models":{"List":{"fields":[{"name":"id","kind":"scalar","type":"String"},{"name":"userId","kind":"scalar","type":"String","dbName":"user_id"},{"name":"name","kind":"scalar","type":"String"},{"name":"todos","kind":"object","type":"Entry","relationName":"EntryToList"}],"dbName":"compat_lists","schema":null},"Entry":{"fields":[{"name":"id","kind":"scalar","type":"String"},{"name":"listId","kind":"scalar","type":"String","dbName":"list_id"},{"name":"list","kind":"object","type":"List","relationName":"EntryToList"},{"name":"task","kind":"scalar","type":"String"},{"name":"done","kind":"scalar","type":"Boolean"},{"name":"due","kind":"scalar","type":"DateTime"},{"name":"cost","kind":"scalar","type":"Decimal"},{"name":"big","kind":"scalar","type":"BigInt"},{"name":"ratio","kind":"scalar","type":"Float"},{"name":"meta","kind":"scalar","type":"Json"},{"name":"tags","kind":"scalar","type":"String"},{"name":"photo","kind":"scalar","type":"Bytes"}],"dbName":"compat_entries","schema":null}},"enums":{},"types":{}}');
config.parameterizationSchema = {
  strings: JSON.parse('["where","orderBy","cursor","list","todos","_count","List.findUnique","List.findUniqueOrThrow","List.findFirst","List.findFirstOrThrow","List.findMany","data","List.createOne","List.createMany","List.createManyAndReturn","List.updateOne","List.updateMany","List.updateManyAndReturn","create","update","List.upsertOne","List.deleteOne","List.deleteMany","having","_min","_max","List.groupBy","List.aggregate","Entry.findUnique","Entry.findUniqueOrThrow","Entry.findFirst","Entry.findFirstOrThrow","Entry.findMany","Entry.createOne","Entry.createMany","Entry.createManyAndReturn","Entry.updateOne","Entry.updateMany","Entry.updateManyAndReturn","Entry.upsertOne","Entry.deleteOne","Entry.deleteMany","_avg","_sum","Entry.groupBy","Entry.aggregate","AND","OR","NOT","id","listId","task","done","due","cost","big","ratio","meta","tags","photo","equals","in","notIn","not","lt","lte","gt","gte","has","hasEvery","hasSome","string_contains","string_starts_with","string_ends_with","array_starts_with","array_ends_with","array_contains","contains","startsWith","endsWith","userId","name","every","some","none","is","isNot","connectOrCreate","upsert","createMany","set","disconnect","delete","connect","updateMany","deleteMany","push","increment","decrement","multiply","divide"]'),
  graph: "igEUIAcEAABWACAuAABTADAvAAAJABAwAABTADAxAQAAAAFQAQBVACFRAQBVACEBAAAAAQAgDwMAAGAAIC4AAFgAMC8AAAMAEDAAAFgAMDEBAFQAITIBAFQAITMBAFUAITQgAFkAITVAAFoAITYQAFsAITcEAFwAITgIAF0AITkAAF4AIDoAAD4AIDsAAV8AIQcDAACEAQAgNQAAYQAgNgAAYQAgNwAAYQAgOAAAYQAgOQAAYQAgOwAAYQAgDwMAAGAAIC4AAFgAMC8AAAMAEDAAAFgAMDEBAAAAATIBAFQAITMBAFUAITQgAFkAITVAAFoAITYQAFsAITcEAFwAITgIAF0AITkAAF4AIDoAAD4AIDsAAV8AIQMAAAADACABAAAEADACAAAFACABAAAAAwAgAQAAAAEAIAcEAABWACAuAABTADAvAAAJABAwAABTADAxAQBUACFQAQBVACFRAQBVACEBBAAAgwEAIAMAAAAJACABAAAKADACAAABACADAAAACQAgAQAACgAwAgAAAQAgAwAAAAkAIAEAAAoAMAIAAAEAIAQEAACCAQAgMQEAAAABUAEAAAABUQEAAAABAQsAAA4AIAMxAQAAAAFQAQAAAAFRAQAAAAEBCwAAEAAwAQsAABAAMAQEAAB1ACAxAQBnACFQAQBnACFRAQBnACECAAAAAQAgCwAAEwAgAzEBAGcAIVABAGcAIVEBAGcAIQIAAAAJACALAAAVACACAAAACQAgCwAAFQAgAwAAAAEAIBIAAA4AIBMAABMAIAEAAAABACABAAAACQAgAwUAAHIAIBgAAHQAIBkAAHMAIAYuAABSADAvAAAcABAwAABSADAxAQA2ACFQAQA3ACFRAQA3ACEDAAAACQAgAQAAGwAwFwAAHAAgAwAAAAkAIAEAAAoAMAIAAAEAIAEAAAAFACABAAAABQAgAwAAAAMAIAEAAAQAMAIAAAUAIAMAAAADACABAAAEADACAAAFACADAAAAAwAgAQAABAAwAgAABQAgDAMAAHEAIDEBAAAAATIBAAAAATMBAAAAATQgAAAAATVAAAAAATYQAAAAATcEAAAAATgIAAAAATmAAAAAAToAAHAAIDsAAQAAAQELAAAkACALMQEAAAABMgEAAAABMwEAAAABNCAAAAABNUAAAAABNhAAAAABNwQAAAABOAgAAAABOYAAAAABOgAAcAAgOwABAAABAQsAACYAMAELAAAmADAMAwAAbwAgMQEAZwAhMgEAZwAhMwEAZwAhNCAAaAAhNUAAaQAhNhAAagAhNwQAawAhOAgAbAAhOYAAAAABOgAAbQAgOwABbgAhAgAAAAUAIAsAACkAIAsxAQBnACEyAQBnACEzAQBnACE0IABoACE1QABpACE2EABqACE3BABrACE4CABsACE5gAAAAAE6AABtACA7AAFuACECAAAAAwAgCwAAKwAgAgAAAAMAIAsAACsAIAMAAAAFACASAAAkACATAAApACABAAAABQAgAQAAAAMAIAsFAABiACAYAABlACAZAABkACAqAABjACArAABmACA1AABhACA2AABhACA3AABhACA4AABhACA5AABhACA7AABhACAOLgAANQAwLwAAMgAQMAAANQAwMQEANgAhMgEANgAhMwEANwAhNCAAOAAhNUAAOQAhNhAAOgAhNwQAOwAhOAgAPAAhOQAAPQAgOgAAPgAgOwABPwAhAwAAAAMAIAEAADEAMBcAADIAIAMAAAADACABAAAEADACAAAFACAOLgAANQAwLwAAMgAQMAAANQAwMQEANgAhMgEANgAhMwEANwAhNCAAOAAhNUAAOQAhNhAAOgAhNwQAOwAhOAgAPAAhOQAAPQAgOgAAPgAgOwABPwAhCwUAAE0AIBgAAFAAIBkAAFAAIDwBAAAAAT0BAAAABD4BAAAABD8BAFEAIUABAAAAAUEBAAAAAUIBAAAAAUMBAAAAAQ4FAABNACAYAABQACAZAABQACA8AQAAAAE9AQAAAAQ-AQAAAAQ_AQBPACFAAQAAAAFBAQAAAAFCAQAAAAFDAQAAAAFNAQAAAAFOAQAAAAFPAQAAAAEFBQAATQAgGAAATgAgGQAATgAgPCAAAAABPyAATAAhCwUAAEEAIBgAAEsAIBkAAEsAIDxAAAAAAT1AAAAABT5AAAAABT9AAEoAIUBAAAAAAUFAAAAAAUJAAAAAAUNAAAAAAQ0FAABBACAYAABJACAZAABJACAqAABJACArAABJACA8EAAAAAE9EAAAAAU-EAAAAAU_EABIACFAEAAAAAFBEAAAAAFCEAAAAAFDEAAAAAENBQAAQQAgGAAARwAgGQAARwAgKgAARQAgKwAARwAgPAQAAAABPQQAAAAFPgQAAAAFPwQARgAhQAQAAAABQQQAAAABQgQAAAABQwQAAAABDQUAAEEAIBgAAEUAIBkAAEUAICoAAEUAICsAAEUAIDwIAAAAAT0IAAAABT4IAAAABT8IAEQAIUAIAAAAAUEIAAAAAUIIAAAAAUMIAAAAAQ8FAABBACAYAABDACAZAABDACA8gAAAAAE_gAAAAAFAgAAAAAFBgAAAAAFCgAAAAAFDgAAAAAFHAQAAAAFIAQAAAAFJAQAAAAFKgAAAAAFLgAAAAAFMgAAAAAEEPAEAAAAFRAEAAAABRQEAAAAERgEAAAAEBwUAAEEAIBgAAEIAIBkAAEIAIDwAAQAAAT0AAQAABT4AAQAABT8AAUAAIQcFAABBACAYAABCACAZAABCACA8AAEAAAE9AAEAAAU-AAEAAAU_AAFAACEIPAIAAAABPQIAAAAFPgIAAAAFPwIAQQAhQAIAAAABQQIAAAABQgIAAAABQwIAAAABBDwAAQAAAT0AAQAABT4AAQAABT8AAUIAIQw8gAAAAAE_gAAAAAFAgAAAAAFBgAAAAAFCgAAAAAFDgAAAAAFHAQAAAAFIAQAAAAFJAQAAAAFKgAAAAAFLgAAAAAFMgAAAAAENBQAAQQAgGAAARQAgGQAARQAgKgAARQAgKwAARQAgPAgAAAABPQgAAAAFPggAAAAFPwgARAAhQAgAAAABQQgAAAABQggAAAABQwgAAAABCDwIAAAAAT0IAAAABT4IAAAABT8IAEUAIUAIAAAAAUEIAAAAAUIIAAAAAUMIAAAAAQ0FAABBACAYAABHACAZAABHACAqAABFACArAABHACA8BAAAAAE9BAAAAAU-BAAAAAU_BABGACFABAAAAAFBBAAAAAFCBAAAAAFDBAAAAAEIPAQAAAABPQQAAAAFPgQAAAAFPwQARwAhQAQAAAABQQQAAAABQgQAAAABQwQAAAABDQUAAEEAIBgAAEkAIBkAAEkAICoAAEkAICsAAEkAIDwQAAAAAT0QAAAABT4QAAAABT8QAEgAIUAQAAAAAUEQAAAAAUIQAAAAAUMQAAAAAQg8EAAAAAE9EAAAAAU-EAAAAAU_EABJACFAEAAAAAFBEAAAAAFCEAAAAAFDEAAAAAELBQAAQQAgGAAASwAgGQAASwAgPEAAAAABPUAAAAAFPkAAAAAFP0AASgAhQEAAAAABQUAAAAABQkAAAAABQ0AAAAABCDxAAAAAAT1AAAAABT5AAAAABT9AAEsAIUBAAAAAAUFAAAAAAUJAAAAAAUNAAAAAAQUFAABNACAYAABOACAZAABOACA8IAAAAAE_IABMACEIPAIAAAABPQIAAAAEPgIAAAAEPwIATQAhQAIAAAABQQIAAAABQgIAAAABQwIAAAABAjwgAAAAAT8gAE4AIQ4FAABNACAYAABQACAZAABQACA8AQAAAAE9AQAAAAQ-AQAAAAQ_AQBPACFAAQAAAAFBAQAAAAFCAQAAAAFDAQAAAAFNAQAAAAFOAQAAAAFPAQAAAAELPAEAAAABPQEAAAAEPgEAAAAEPwEAUAAhQAEAAAABQQEAAAABQgEAAAABQwEAAAABTQEAAAABTgEAAAABTwEAAAABCwUAAE0AIBgAAFAAIBkAAFAAIDwBAAAAAT0BAAAABD4BAAAABD8BAFEAIUABAAAAAUEBAAAAAUIBAAAAAUMBAAAAAQYuAABSADAvAAAcABAwAABSADAxAQA2ACFQAQA3ACFRAQA3ACEHBAAAVgAgLgAAUwAwLwAACQAQMAAAUwAwMQEAVAAhUAEAVQAhUQEAVQAhCDwBAAAAAT0BAAAABD4BAAAABD8BAFcAIUABAAAAAUEBAAAAAUIBAAAAAUMBAAAAAQs8AQAAAAE9AQAAAAQ-AQAAAAQ_AQBQACFAAQAAAAFBAQAAAAFCAQAAAAFDAQAAAAFNAQAAAAFOAQAAAAFPAQAAAAEDUgAAAwAgUwAAAwAgVAAAAwAgCDwBAAAAAT0BAAAABD4BAAAABD8BAFcAIUABAAAAAUEBAAAAAUIBAAAAAUMBAAAAAQ8DAABgACAuAABYADAvAAADABAwAABYADAxAQBUACEyAQBUACEzAQBVACE0IABZACE1QABaACE2EABbACE3BABcACE4CABdACE5AABeACA6AAA-ACA7AAFfACECPCAAAAABPyAATgAhCDxAAAAAAT1AAAAABT5AAAAABT9AAEsAIUBAAAAAAUFAAAAAAUJAAAAAAUNAAAAAAQg8EAAAAAE9EAAAAAU-EAAAAAU_EABJACFAEAAAAAFBEAAAAAFCEAAAAAFDEAAAAAEIPAQAAAABPQQAAAAFPgQAAAAFPwQARwAhQAQAAAABQQQAAAABQgQAAAABQwQAAAABCDwIAAAAAT0IAAAABT4IAAAABT8IAEUAIUAIAAAAAUEIAAAAAUIIAAAAAUMIAAAAAQw8gAAAAAE_gAAAAAFAgAAAAAFBgAAAAAFCgAAAAAFDgAAAAAFHAQAAAAFIAQAAAAFJAQAAAAFKgAAAAAFLgAAAAAFMgAAAAAEEPAABAAABPQABAAAFPgABAAAFPwABQgAhCQQAAFYAIC4AAFMAMC8AAAkAEDAAAFMAMDEBAFQAIVABAFUAIVEBAFUAIVUAAAkAIFYAAAkAIAAAAAAAAAFaAQAAAAEBWiAAAAABAVpAAAAAAQVaEAAAAAFhEAAAAAFiEAAAAAFjEAAAAAFkEAAAAAEFWgQAAAABYQQAAAABYgQAAAABYwQAAAABZAQAAAABBVoIAAAAAWEIAAAAAWIIAAAAAWMIAAAAAWQIAAAAAQJaAQAAAARgAQAAAAUBWgABAAABBRIAAIYBACATAACJAQAgVwAAhwEAIFgAAIgBACBdAAABACABWgEAAAAEAxIAAIYBACBXAACHAQAgXQAAAQAgAAAACxIAAHYAMBMAAHsAMFcAAHcAMFgAAHgAMFkAAHkAIFoAAHoAMFsAAHoAMFwAAHoAMF0AAHoAMF4AAHwAMF8AAH0AMAoxAQAAAAEzAQAAAAE0IAAAAAE1QAAAAAE2EAAAAAE3BAAAAAE4CAAAAAE5gAAAAAE6AABwACA7AAEAAAECAAAABQAgEgAAgQEAIAMAAAAFACASAACBAQAgEwAAgAEAIAELAACFAQAwDwMAAGAAIC4AAFgAMC8AAAMAEDAAAFgAMDEBAAAAATIBAFQAITMBAFUAITQgAFkAITVAAFoAITYQAFsAITcEAFwAITgIAF0AITkAAF4AIDoAAD4AIDsAAV8AIQIAAAAFACALAACAAQAgAgAAAH4AIAsAAH8AIA4uAAB9ADAvAAB-ABAwAAB9ADAxAQBUACEyAQBUACEzAQBVACE0IABZACE1QABaACE2EABbACE3BABcACE4CABdACE5AABeACA6AAA-ACA7AAFfACEOLgAAfQAwLwAAfgAQMAAAfQAwMQEAVAAhMgEAVAAhMwEAVQAhNCAAWQAhNUAAWgAhNhAAWwAhNwQAXAAhOAgAXQAhOQAAXgAgOgAAPgAgOwABXwAhCjEBAGcAITMBAGcAITQgAGgAITVAAGkAITYQAGoAITcEAGsAITgIAGwAITmAAAAAAToAAG0AIDsAAW4AIQoxAQBnACEzAQBnACE0IABoACE1QABpACE2EABqACE3BABrACE4CABsACE5gAAAAAE6AABtACA7AAFuACEKMQEAAAABMwEAAAABNCAAAAABNUAAAAABNhAAAAABNwQAAAABOAgAAAABOYAAAAABOgAAcAAgOwABAAABBBIAAHYAMFcAAHcAMFkAAHkAIF0AAHoAMAABBAAAgwEAIAoxAQAAAAEzAQAAAAE0IAAAAAE1QAAAAAE2EAAAAAE3BAAAAAE4CAAAAAE5gAAAAAE6AABwACA7AAEAAAEDMQEAAAABUAEAAAABUQEAAAABAgAAAAEAIBIAAIYBACADAAAACQAgEgAAhgEAIBMAAIoBACAFAAAACQAgCwAAigEAIDEBAGcAIVABAGcAIVEBAGcAIQMxAQBnACFQAQBnACFRAQBnACECBAYCBQADAQMAAQEEBwAAAAADBQAIGAAJGQAKAAAAAwUACBgACRkACgEDAAEBAwABBQUADxgAEhkAEyoAECsAEQAAAAAABQUADxgAEhkAEyoAECsAEQYCAQcIAQgLAQkMAQoNAQwPAQ0RBA4SBQ8UARAWBBEXBhQYARUZARYaBBodBxseCxwfAh0gAh4hAh8iAiAjAiElAiInBCMoDCQqAiUsBCYtDScuAigvAikwBCwzDi00FA"
};
async function decodeBase64AsWasm(wasmBase64) {
  const { Buffer: Buffer2 } = await import("node:buffer");
  const wasmArray = Buffer2.from(wasmBase64, "base64");
  return new WebAssembly.Module(wasmArray);
}
config.compilerWasm = {
  getRuntime: async () => await import("@prisma/client/runtime/query_compiler_fast_bg.postgresql.mjs"),
  getQueryCompilerWasmModule: async () => {
    const { wasm } = await import("@prisma/client/runtime/query_compiler_fast_bg.postgresql.wasm-base64.mjs");
    return await decodeBase64AsWasm(wasm);
  },
  importName: "./query_compiler_fast_bg.js"
};
function getPrismaClientClass() {
  return runtime.getPrismaClient(config);
}

// internal/prismaNamespace.ts
var prismaNamespace_exports = {};
__export(prismaNamespace_exports, {
  AnyNull: () => AnyNull2,
  DbNull: () => DbNull2,
  Decimal: () => Decimal2,
  EntryScalarFieldEnum: () => EntryScalarFieldEnum,
  JsonNull: () => JsonNull2,
  JsonNullValueFilter: () => JsonNullValueFilter,
  ListScalarFieldEnum: () => ListScalarFieldEnum,
  ModelName: () => ModelName,
  NullTypes: () => NullTypes2,
  NullableJsonNullValueInput: () => NullableJsonNullValueInput,
  NullsOrder: () => NullsOrder,
  PrismaClientInitializationError: () => PrismaClientInitializationError2,
  PrismaClientKnownRequestError: () => PrismaClientKnownRequestError2,
  PrismaClientRustPanicError: () => PrismaClientRustPanicError2,
  PrismaClientUnknownRequestError: () => PrismaClientUnknownRequestError2,
  PrismaClientValidationError: () => PrismaClientValidationError2,
  QueryMode: () => QueryMode,
  SortOrder: () => SortOrder,
  Sql: () => Sql2,
  TransactionIsolationLevel: () => TransactionIsolationLevel,
  defineExtension: () => defineExtension,
  empty: () => empty2,
  getExtensionContext: () => getExtensionContext,
  join: () => join2,
  prismaVersion: () => prismaVersion,
  raw: () => raw2,
  sql: () => sql
});
import * as runtime2 from "@prisma/client/runtime/client";
var PrismaClientKnownRequestError2 = runtime2.PrismaClientKnownRequestError;
var PrismaClientUnknownRequestError2 = runtime2.PrismaClientUnknownRequestError;
var PrismaClientRustPanicError2 = runtime2.PrismaClientRustPanicError;
var PrismaClientInitializationError2 = runtime2.PrismaClientInitializationError;
var PrismaClientValidationError2 = runtime2.PrismaClientValidationError;
var sql = runtime2.sqltag;
var empty2 = runtime2.empty;
var join2 = runtime2.join;
var raw2 = runtime2.raw;
var Sql2 = runtime2.Sql;
var Decimal2 = runtime2.Decimal;
var getExtensionContext = runtime2.Extensions.getExtensionContext;
var prismaVersion = {
  client: "7.10.1",
  engine: "d1b3f377ca835d73fd50954a5e22128b9ebdd6b8"
};
var NullTypes2 = {
  DbNull: runtime2.NullTypes.DbNull,
  JsonNull: runtime2.NullTypes.JsonNull,
  AnyNull: runtime2.NullTypes.AnyNull
};
var DbNull2 = runtime2.DbNull;
var JsonNull2 = runtime2.JsonNull;
var AnyNull2 = runtime2.AnyNull;
var ModelName = {
  List: "List",
  Entry: "Entry"
};
var TransactionIsolationLevel = runtime2.makeStrictEnum({
  ReadUncommitted: "ReadUncommitted",
  ReadCommitted: "ReadCommitted",
  RepeatableRead: "RepeatableRead",
  Serializable: "Serializable"
});
var ListScalarFieldEnum = {
  id: "id",
  userId: "userId",
  name: "name"
};
var EntryScalarFieldEnum = {
  id: "id",
  listId: "listId",
  task: "task",
  done: "done",
  due: "due",
  cost: "cost",
  big: "big",
  ratio: "ratio",
  meta: "meta",
  tags: "tags",
  photo: "photo"
};
var SortOrder = {
  asc: "asc",
  desc: "desc"
};
var NullableJsonNullValueInput = {
  DbNull: DbNull2,
  JsonNull: JsonNull2
};
var QueryMode = {
  default: "default",
  insensitive: "insensitive"
};
var JsonNullValueFilter = {
  DbNull: DbNull2,
  JsonNull: JsonNull2,
  AnyNull: AnyNull2
};
var NullsOrder = {
  first: "first",
  last: "last"
};
var defineExtension = runtime2.Extensions.defineExtension;

// enums.ts
var enums_exports = {};

// client.ts
globalThis["__dirname"] = path.dirname(fileURLToPath(import.meta.url));
var PrismaClient = getPrismaClientClass();
export {
  enums_exports as $Enums,
  prismaNamespace_exports as Prisma,
  PrismaClient
};
