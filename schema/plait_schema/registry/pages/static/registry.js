// On a narrow screen, the tab that one is at may be beyond the edge.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

// What scrolls sideways can be reached with the keyboard, in browsers that do not see to it themselves.
for (const box of document.querySelectorAll(".scroll, pre")) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}
