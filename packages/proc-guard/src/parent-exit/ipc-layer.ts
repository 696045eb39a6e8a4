/** What Node's IPC channel counts, so that a listener can be there without keeping the process alive. */
interface CountedChannel {
  refCounted?: () => void;
  unrefCounted?: () => void;
}

/** Calls back when the IPC channel to the parent closes. Does not keep the process alive. */
export function onChannelDisconnect(callback: () => void): () => void {
  const channel = process.channel as CountedChannel | undefined;
  let listening = true;
  const disconnected = (): void => {
    listening = false;
    callback();
  };
  process.once('disconnect', disconnected);
  // Node counts that listener as a reason to keep the channel, and the process, open.
  channel?.unrefCounted?.();
  return () => {
    if (!listening) return;
    listening = false;
    channel?.refCounted?.();
    process.off('disconnect', disconnected);
  };
}
