# Two stages: the toolchain stays behind. Build with: docker build -t simoff .
FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
COPY . .
RUN cargo build --profile dist --locked

# Nothing is needed at run time but the C library: certificates, time zones and dialogues are in the binary.
FROM debian:bookworm-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin simoff \
    && install --directory --owner simoff --group simoff --mode 0700 /data
COPY --from=build /source/target/dist/simoff /usr/local/bin/simoff
USER 10001
WORKDIR /data
VOLUME /data
ENV DATABASE_URL=sqlite:/data/simoff.db
# The root may be read-only (docker run --read-only): all that is written lies in /data.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["simoff", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["simoff"]
CMD ["telegram"]
