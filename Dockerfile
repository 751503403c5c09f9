# The app, and with --target=migrate the command that brings its database up to date:
#
#   docker build --tag todos --build-arg NEXT_PUBLIC_SQL_URL=https://sql.example.com/sql … .
#   docker build --tag todos-migrate --target=migrate .
#
# compose.yaml builds both, and the proxy from proxy/Dockerfile.

FROM node:24-slim AS packages
WORKDIR /repository
COPY package.json package-lock.json ./
COPY proxy/package.json proxy/

FROM packages AS migrate
RUN npm ci --ignore-scripts --omit=dev
COPY tsconfig.json ./
COPY proxy proxy
COPY db db
ENV NODE_ENV=production
USER node
ENTRYPOINT ["node", "--import", "tsx", "db/migrate.ts"]

FROM packages AS build
RUN npm ci --ignore-scripts
COPY . .
# `next build` writes these into the pages: a change needs a new image. None of them is secret.
ARG NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY
ARG NEXT_PUBLIC_SQL_URL
ARG NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL=postgresql://authenticated@localhost/todos
ARG NEXT_PUBLIC_CLERK_SIGN_IN_URL=/sign-in
ARG NEXT_PUBLIC_CLERK_SIGN_UP_URL=/sign-up
ARG NEXT_PUBLIC_CLERK_SIGN_IN_FALLBACK_REDIRECT_URL=/todos
ARG NEXT_PUBLIC_CLERK_SIGN_UP_FALLBACK_REDIRECT_URL=/todos
# Next evaluates the pages' modules while it builds, and one of them reads the server's own variable.
RUN DATABASE_AUTHENTICATED_URL="$NEXT_PUBLIC_DATABASE_AUTHENTICATED_URL" \
  NEXT_OUTPUT=standalone NEXT_TELEMETRY_DISABLED=1 npm run build

FROM node:24-slim AS app
WORKDIR /app
COPY --from=build /repository/.next/standalone ./
COPY --from=build /repository/.next/static .next/static
COPY --from=build /repository/public public
# Docker sets HOSTNAME to the container's id, and Next listens at the address that HOSTNAME names.
ENV NODE_ENV=production HOSTNAME=0.0.0.0 PORT=3000 NEXT_TELEMETRY_DISABLED=1
EXPOSE 3000
USER node
# A file that needs no session and no redirect to APP_ORIGIN.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/icon.svg`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "server.js"]
