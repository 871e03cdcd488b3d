# syntax=docker/dockerfile:1
# The shop as one image: serve in any role, worker, migrate, import. No shell is needed in it, and none of its files is written to.
#
#   docker build --build-arg VERSION=$(git rev-parse --short HEAD) -t shop .

FROM swift:6.3-bookworm AS build
RUN apt-get update \
  && apt-get install -y --no-install-recommends libpq-dev libhiredis-dev libssl-dev pkg-config \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /build
# What changes least comes first: packages, then the tests' folders (the manifest names them, nothing of them is built), then sources.
COPY Package.swift ./
RUN swift package resolve
COPY Tests Tests
COPY Sources Sources
RUN swift build -c release --static-swift-stdlib --product shop -Xlinker -s \
  && install -D .build/release/shop /out/usr/local/bin/shop
COPY Migrations /out/usr/local/share/shop/migrations
RUN rm -f /out/usr/local/share/shop/migrations/README.md && chmod -R a+rX,go-w /out

FROM debian:bookworm-slim
ARG VERSION=unknown
LABEL org.opencontainers.image.title="shop" \
      org.opencontainers.image.description="A headless e-commerce backend in Swift" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${VERSION}" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
# The libraries that the program links, the roots that TLS to the stores and the payment provider is checked against, a user.
RUN apt-get update \
  && apt-get upgrade -y \
  && apt-get install -y --no-install-recommends ca-certificates libhiredis0.14 libpq5 libssl3 libstdc++6 \
  && rm -rf /var/lib/apt/lists/* /var/cache/* /var/log/* /usr/share/doc/* /usr/share/man/* /usr/share/locale/* \
  && groupadd --gid 10001 shop \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin shop
COPY --from=build /out/ /
# What the operator has put there: Amazon's authorities for databases. Without them the image is whole, and sslmode=verify-full is not.
COPY --chmod=0644 deploy/image/authorities/ /usr/local/share/shop/authorities/
ENV SHOP_HOST=0.0.0.0 \
    SHOP_PORT=8080 \
    SHOP_MIGRATIONS=/usr/local/share/shop/migrations
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 CMD ["/usr/local/bin/shop", "health"]
ENTRYPOINT ["/usr/local/bin/shop"]
CMD ["serve"]
