import JSON
import Shop

/// A category with what stands under it.
enum CategoryView {
  static func write(_ node: CategoryTree.Node, to json: inout JSONWriter) {
    json.beginObject()
    json.key("id")
    json.identifier(node.category.id)
    json.key("handle")
    json.string(node.category.handle.text)
    json.key("title")
    json.string(node.category.title)
    json.key("parent_id")
    json.identifier(orNull: node.category.parent)
    json.key("position")
    json.integer(node.category.position)
    json.key("children")
    json.beginArray()
    for child in node.children { write(child, to: &json) }
    json.endArray()
    json.endObject()
  }
}
