/** Parses the JSON list of providers. A mistake is reported in one sentence. */
import { z } from 'zod'
import { providerSchema, type ProviderConfig } from './provider-config'

/** @throws Error that names the provider and the mistake, without any value */
export function parseProviders(json: string): readonly ProviderConfig[] {
  const parsed = z.array(providerSchema).nonempty().safeParse(parseJson(json))
  if (!parsed.success) throw new Error(describe(parsed.error))
  const seen = new Set<string>()
  for (const [i, { issuer, alsoIssuedAs }] of parsed.data.entries()) {
    for (const spelling of [issuer, ...alsoIssuedAs]) {
      if (seen.has(spelling)) {
        throw new Error(`provider ${i + 1} has the same issuer as one before it (${spelling})`)
      }
      seen.add(spelling)
    }
  }
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error('it is not valid JSON')
  }
}

function describe(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return 'it has the wrong shape'
  const [index, ...field] = issue.path
  if (index === undefined) return 'it is not a list of at least one provider'
  const where = `provider ${Number(index) + 1}`
  if (issue.code === 'unrecognized_keys') {
    return `${where} has the unknown field ${issue.keys.map((key) => `"${[...field, key].join('.')}"`).join(', ')}`
  }
  if (field.length === 0) return `${where} is not an object`
  const problem = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message
  const isOurs =
    ['custom', 'invalid_key', 'invalid_format'].includes(issue.code) || field[0] === 'preset'
  return `${where}: "${field.join('.')}" ${isOurs ? (problem ?? 'is wrong') : 'is missing or has the wrong type'}`
}
