/**
 * In place of next-env.d.ts, which Next writes anew: with a page in pages/, that file declares a path in app/
 * to be possibly null, which it never is.
 */
/// <reference types="next" />
/// <reference types="next/image-types/global" />
