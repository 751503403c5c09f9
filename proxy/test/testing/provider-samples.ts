/** A token of each provider as it really comes, what configures it, and what makes it another's. */
import { PLATFORM_SAMPLES } from './platform-samples'
import type { Sample } from './sample'
import { SERVICE_SAMPLES } from './service-samples'

export const SAMPLES: Readonly<Record<string, Sample>> = {
  ...SERVICE_SAMPLES,
  ...PLATFORM_SAMPLES,
}
