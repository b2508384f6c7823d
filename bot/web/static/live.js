// What pages do beyond reading: they are fetched anew where something changed.
// Everything here can be left out; without it a page is as it was loaded.
(function () {
  "use strict";

  var again = 60000; // before a stream that was refused is asked for again, in ms
  var address = document.body.dataset.live;
  var source = null;

  function refresh() {
    document.body.dispatchEvent(new CustomEvent("changed"));
  }

  function mark(on) {
    document.documentElement.classList.toggle("is-live", on);
  }

  function close() {
    if (source) {
      source.close();
      source = null;
    }
    mark(false);
  }

  // A page that nobody sees has no stream: browsers keep only a few connections
  // to one place open, and others may want them.
  function listen() {
    if (!address || source || document.hidden || !window.EventSource) {
      return;
    }
    source = new EventSource(address);
    source.onopen = function () {
      mark(true);
      refresh(); // for what happened in between
    };
    source.onerror = function () {
      mark(false);
      if (source && source.readyState === EventSource.CLOSED) {
        source = null;
        setTimeout(listen, again);
      }
    };
    source.addEventListener("changed", refresh);
    source.addEventListener("gone", function () {
      close();
      location.reload();
    });
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) {
      close();
    } else {
      listen();
    }
  });
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", listen);

  // What somebody has opened stays open, and what was filled in and not sent is
  // not taken away.
  var open = [];
  document.addEventListener("htmx:beforeSwap", function (e) {
    var inside = e.detail.target ? e.detail.target.querySelectorAll("details[id][open]") : [];
    open = Array.prototype.map.call(inside, function (d) { return d.id; });
  });
  document.addEventListener("htmx:afterSwap", function () {
    open.forEach(function (id) {
      var d = document.getElementById(id);
      if (d) {
        d.open = true;
      }
    });
    open = [];
  });

  // Who has done something hears what came of it, or goes on in the form that asks for
  // more. A form that is only drawn anew leaves them where they are.
  document.addEventListener("htmx:afterSettle", function (e) {
    var act = document.getElementById("act");
    var config = e.detail.requestConfig;
    if (!act || !config || e.detail.target.id !== "act" || (config.parameters && config.parameters.redraw)) {
      return;
    }
    var next = act.querySelector("#ask [aria-invalid=true], #ask .erring input") || act.querySelector("#answer") ||
      act.querySelector("#ask input:not([type=hidden]), #ask textarea, #ask select");
    if (next) {
      next.focus();
    }
  });

  // A sentence that is read out when it changes is left alone where it has not.
  document.addEventListener("htmx:oobBeforeSwap", function (e) {
    if (e.detail.target.getAttribute("role") === "status" && e.detail.target.textContent === e.detail.fragment.textContent) {
      e.detail.shouldSwap = false;
    }
  });

  // Who may not see a page any more, or has to sign in, is shown so. Other
  // failures come and go; the next minute asks again.
  document.addEventListener("htmx:responseError", function (e) {
    var status = e.detail.xhr.status;
    if (status === 401 || status === 403 || status === 404) {
      location.reload();
    }
  });

  listen();
})();
