/// The files of the page, which are part of the program: a path from outside is looked up here, never in a folder.
enum Pages {
  private static let script = "text/javascript; charset=utf-8"

  private static let files: [String: Reply] = [
    "/": .text(PackageResources.index_html, type: "text/html; charset=utf-8"),
    "/style.css": .text(PackageResources.style_css, type: "text/css; charset=utf-8"),
    "/icon.svg": .text(PackageResources.icon_svg, type: "image/svg+xml"),
    "/page.js": .text(PackageResources.page_js, type: script),
    "/api.js": .text(PackageResources.api_js, type: script),
    "/text.js": .text(PackageResources.text_js, type: script),
    "/settings.js": .text(PackageResources.settings_js, type: script),
    "/shape.js": .text(PackageResources.shape_js, type: script),
    "/samples.js": .text(PackageResources.samples_js, type: script),
    "/write.js": .text(PackageResources.write_js, type: script),
    "/surprise.js": .text(PackageResources.surprise_js, type: script),
    "/neurons.js": .text(PackageResources.neurons_js, type: script),
    "/new-run.js": .text(PackageResources.new_run_js, type: script),
    "/training.js": .text(PackageResources.training_js, type: script),
    "/model.js": .text(PackageResources.model_js, type: script),
  ]

  /// The file at a path; nil where there is none.
  static func reply(_ path: String) -> Reply? { files[path] }
}
