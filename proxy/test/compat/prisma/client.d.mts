/** What the tests use of the generated client; the real types weigh 150 kB. */
type Row = Readonly<Record<string, unknown>>
type Model = {
  create(args: object): Promise<Row>
  createMany(args: object): Promise<{ readonly count: number }>
  findMany(args?: object): Promise<Row[]>
  findUnique(args: object): Promise<Row | null>
  findFirst(args?: object): Promise<Row | null>
  count(args?: object): Promise<number>
  aggregate(args: object): Promise<Row>
  groupBy(args: object): Promise<Row[]>
  update(args: object): Promise<Row>
  updateMany(args: object): Promise<{ readonly count: number }>
  upsert(args: object): Promise<Row>
  delete(args: object): Promise<Row>
  deleteMany(args?: object): Promise<{ readonly count: number }>
}
export declare class PrismaClient {
  constructor(options: { readonly adapter: unknown })
  readonly list: Model
  readonly entry: Model
  $transaction(work: unknown, options?: object): Promise<unknown>
  $queryRaw(text: TemplateStringsArray, ...values: unknown[]): Promise<Row[]>
  $executeRaw(text: TemplateStringsArray, ...values: unknown[]): Promise<number>
  $disconnect(): Promise<void>
}
export declare namespace Prisma {
  class Decimal {
    constructor(value: string)
    toString(): string
  }
}
