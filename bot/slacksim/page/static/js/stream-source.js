// The workspace's stream of changes, connected again whenever it breaks.

const firstWait = 250, longestWait = 5000; // milliseconds

// follow calls onChange with every change after revision since, and onStatus with whether the workspace is
// reached, until the function it returns is called.
export function follow(since, onChange, onStatus) {
  let rev = since, wait = firstWait, source = null, timer = 0;

  function connect() {
    source = new EventSource(`/sim/stream?since=${encodeURIComponent(rev)}`);
    source.onopen = () => {
      wait = firstWait;
      onStatus(true);
    };
    source.onmessage = ({ data }) => {
      const change = JSON.parse(data);
      rev = change.rev;
      onChange(change);
    };
    source.onerror = () => {
      source.close(); // the browser's own retry would ask for the revision of the first connection
      onStatus(false);
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, longestWait);
    };
  }

  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
