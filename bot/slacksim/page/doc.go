// Package page is the page on which people use the workspace in a browser: plain HTML, one style sheet and
// JavaScript modules, embedded as they are.
//
// It knows the simulator only by its control API below /sim/ and serves nothing but
// its own files. Everything that people and apps post is text to it: the modules build nodes (static/js/dom.js)
// and never parse HTML, and the page's policy ([Policy]) forbids scripts that are not its own and requests to any
// other host. Images from elsewhere are therefore links.
//
// # What it asks of the workspace
//
//	GET  /sim/state                   everything, with rev
//	GET  /sim/stream?since=REV        the changes after that
//	POST /sim/slash, /sim/message, …  what its person does
//	POST /sim/options                 the choices of a menu with an outside source
//	GET  /sim/story                   how the story stands; available is false where nothing can be played
//	POST /sim/story                   {} begins, {stop: true} ends, {takeover: "@alice"} hands that person over
//
// The story is {available, running, title, try, cast: ["@alice", …], taken: ["@alice"], acting: "@bob", place, note}: acting
// says whose line comes next, place the channel in which it plays, note what it waits for or how it ended, and try
// what a newcomer may type first.
//
// # Who is who
//
// The person stands in the address (#/alice/C00GENERAL), so that each tab can be somebody else. What each has read
// is kept in the browser.
//
// # Tour of static/js
//
//	main.js                     start, what is drawn when
//	store.js, stream*.js        the state and its changes; one stream for all tabs
//	here.js, route.js           who uses the tab and what they look at
//	sidebar.js, channel.js, pane.js, home.js   the four regions
//	story.js                    a story that plays by itself
//	messages.js, message.js, toolbar.js, edit.js, attachments.js   messages
//	composer.js, complete.js, encode.js, files.js   writing
//	blocks.js, elements.js, inputs.js, selects.js, combo.js   Block Kit
//	mrkdwn.js, richtext.js, markdown.js, mention.js, emoji.js, time.js   text
//	view.js, modal.js           forms
//	dom.js, popup.js, redraw.js, notice.js, icons.js   how things are drawn
//
// # Hooks for tests
//
// Elements carry data-channel, data-ts, data-action-id, data-block-id, data-view-id, data-person (the links that
// switch the person), data-act (what a button does), data-suggestion and data-ready (on the root, when all is
// drawn); the fields to write in are #composer and #thread-composer.
package page
