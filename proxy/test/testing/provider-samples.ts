/** Real tokens of each provider, with their configuration, and variants of other customers. */
import { PLATFORM_SAMPLES } from './platform-samples'
import type { Sample } from './sample'
import { SERVICE_SAMPLES } from './service-samples'

export const SAMPLES: Readonly<Record<string, Sample>> = {
  ...SERVICE_SAMPLES,
  ...PLATFORM_SAMPLES,
}
