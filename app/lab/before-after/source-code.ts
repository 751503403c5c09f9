/** The source of the endpoints, read from the files that run. */
import 'server-only'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ENDPOINTS, WAYS, type Endpoint, type Way } from './endpoints'

export type SourceCode = Readonly<Record<Way, Readonly<Record<Endpoint, string>>>>

/** Named from the folder that the app runs in, so that a build finds the files and takes them along. */
const FOLDER = join(process.cwd(), 'app', 'lab', 'before-after')

export async function readSourceCode(): Promise<SourceCode> {
  const ofWay = async (way: Way) =>
    Object.fromEntries(
      await Promise.all(
        ENDPOINTS.map(async (endpoint) => [
          endpoint,
          await readFile(join(FOLDER, way, `${endpoint}.ts`), 'utf8'),
        ]),
      ),
    ) as Record<Endpoint, string>
  return { [WAYS[0]]: await ofWay(WAYS[0]), [WAYS[1]]: await ofWay(WAYS[1]) }
}
