-- Numbers figures, tables and sections and resolves @fig-, @tbl- and @sec- references, as Quarto does.
-- Used by the preview renderer only; Quarto brings its own.

local LABELS = { fig = "Figure", tbl = "Table", sec = "Section" }
local entries = {}
local counts = { fig = 0, tbl = 0 }
local sections = {}

local function kind_of(id)
  local kind = id:match("^(%a+)%-.")
  return LABELS[kind] and kind
end

local function count(id)
  local kind = kind_of(id)
  counts[kind] = counts[kind] + 1
  entries[id] = { kind = kind, number = tostring(counts[kind]) }
  return LABELS[kind] .. "\u{a0}" .. counts[kind] .. ": "
end

local function titled(label, inlines)
  local caption = pandoc.Inlines { pandoc.Span({ pandoc.Str(label) }, pandoc.Attr("", { "caption-label" })) }
  caption:extend(inlines)
  return caption
end

local function float_of(div)
  local content = div.content:clone()
  local last = content[#content]
  if last == nil or last.t ~= "Para" then
    error("float " .. div.identifier .. " has no caption: end its ::: block with a paragraph")
  end
  content:remove()
  local label = count(div.identifier)
  local open = '<figure id="' .. div.identifier .. '" class="table-float"><figcaption>'
  local blocks = pandoc.Blocks { pandoc.RawBlock("html", open), pandoc.Plain(titled(label, last.content)) }
  blocks:insert(pandoc.RawBlock("html", "</figcaption>"))
  blocks:extend(content)
  blocks:insert(pandoc.RawBlock("html", "</figure>"))
  return blocks
end

local number = {
  traverse = "topdown",
  Header = function(el)
    if el.classes:includes("unnumbered") then return nil end
    for level = el.level + 1, 6 do sections[level] = nil end
    sections[el.level] = (sections[el.level] or 0) + 1
    local parts = pandoc.List()
    for level = 1, el.level do
      if sections[level] then parts:insert(tostring(sections[level])) end
    end
    if kind_of(el.identifier) == "sec" then
      entries[el.identifier] = { kind = "sec", number = table.concat(parts, ".") }
    end
  end,
  Figure = function(el)
    el = el:walk {
      Image = function(image)
        image.attributes.alt = image.attributes["fig-alt"] or image.attributes.alt
        image.attributes["fig-alt"] = nil
            return image
      end,
    }
    if kind_of(el.identifier) == "fig" then
      local long = el.caption.long
      local label = count(el.identifier)
      local inlines = #long > 0 and long[1].content or pandoc.Inlines {}
      el.caption.long = pandoc.Blocks { pandoc.Plain(titled(label, inlines)) }
    end
    return el, false
  end,
  Div = function(el)
    local kind = kind_of(el.identifier)
    if kind == "tbl" or kind == "fig" then return float_of(el), false end
  end,
}

local function link_to(citation)
  local entry = entries[citation.id]
  if not entry then
    pandoc.log.warn("unresolved reference @" .. citation.id)
    return pandoc.Strong { pandoc.Str("?@" .. citation.id) }
  end
  local text = entry.number
  if #citation.prefix > 0 then
    text = pandoc.utils.stringify(citation.prefix) .. "\u{a0}" .. text
  elseif citation.mode ~= "SuppressAuthor" then
    text = LABELS[entry.kind] .. "\u{a0}" .. text
  end
  return pandoc.Link({ pandoc.Str(text) }, "#" .. citation.id, "", pandoc.Attr("", { "xref" }))
end

local refer = {
  Cite = function(el)
    local inlines = pandoc.Inlines {}
    for _, citation in ipairs(el.citations) do
      if not kind_of(citation.id) then return nil end
      if #inlines > 0 then inlines:extend { pandoc.Str(","), pandoc.Space() } end
      inlines:insert(link_to(citation))
    end
    return inlines
  end,
}

local function with_references(doc)
  local cited = false
  doc:walk { Cite = function() cited = true end }
  if cited then
    doc.blocks:insert(pandoc.Header(2, "References", pandoc.Attr("references", { "unnumbered" })))
    doc.blocks:insert(pandoc.Div({}, pandoc.Attr("refs")))
  end
  return doc
end

function Pandoc(doc)
  return with_references(doc:walk(number):walk(refer))
end
