// Presenter mode: the view alone, over the whole window, in large type. Escape leaves.

class Presenter {
  constructor(root, redraw) {
    this.root = root;
    this.redraw = redraw;
    this.on = false;
    addEventListener("resize", () => this.on && this.root.isConnected && this.fit());
  }

  toggle(on) {
    if (on === this.on) return;
    this.on = on;
    this.root.toggleAttribute("data-presenting", on);
    // The top layer lies over everything that Streamlit draws; where there is none, the z-index has to do.
    if (this.root.showPopover) {
      if (on) this.root.setAttribute("popover", "manual");
      this.root[on ? "showPopover" : "hidePopover"]();
      if (!on) this.root.removeAttribute("popover");
    }
    this.redraw();
    this.fit();
  }

  /** As large rows as fit beside the map; the list scrolls by itself only where they would become too small to read. */
  fit() {
    const list = this.root.querySelector(".rows");
    this.root.style.removeProperty("--fitted-row");
    if (!this.on) return;
    const rows = this.root.querySelectorAll(".panel.right .row:not(.columns)").length;
    const pinned = this.root.querySelector(".pinned").offsetHeight;
    const room = (list.clientHeight + pinned - this.root.querySelector(".cut-line").offsetHeight) / Math.max(1, rows);
    this.root.style.setProperty("--fitted-row", `${Math.max(24, Math.min(44, Math.floor(room)))}px`);
  }

  /** The page behind is out of reach: Tab goes round inside. */
  keepFocus(event) {
    if (!this.on || event.key !== "Tab") return;
    const stops = [...this.root.querySelectorAll("button, input, select, [tabindex='0']")]
      .filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility?.() !== false);
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    const focused = this.root.getRootNode().activeElement;
    if (focused !== from && stops.includes(focused)) return;
    event.preventDefault();
    to.focus();
  }
}
