-- The figures and tables of a rendered page on paper: those that `paper` names, else the first of each; nothing besides.
-- Used by `make pdf`, which reads HTML and writes Typst; long tables and cells end early, since the site has all of them.

local ROWS, CHARACTERS = 25, 220

local function text_of(blocks)
  return pandoc.write(pandoc.Pandoc(blocks), "typst"):gsub("%s+$", "")
end

local function quoted(text)
  return '"' .. text:gsub('[\\"]', "\\%0"):gsub("%s+", " ") .. '"'
end

local function plain(blocks)
  return pandoc.Blocks(blocks):walk {
    Link = function(link)
      return link.target:match("^https?:") and pandoc.Link(link.content, link.target) or link.content
    end,
    Span = function(span) return span.content end,
  }
end

local function shortened(cell)
  local text = pandoc.utils.stringify(cell.contents)
  if (utf8.len(text) or 0) > CHARACTERS then
    cell.contents = { pandoc.Plain { pandoc.Str(text:sub(1, utf8.offset(text, CHARACTERS) - 1) .. "…") } }
  end
  return cell
end

local function first_rows(rows, left)
  local kept = pandoc.List()
  for _, row in ipairs(rows) do
    if #kept < left then kept:insert(row) end
    for _, cell in ipairs(row.cells) do shortened(cell) end
  end
  return kept
end

local function align(tbl)
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      if #row.cells == #tbl.colspecs then
        for n, cell in ipairs(row.cells) do
          local right = cell.attr.classes:includes("gt_right")
          tbl.colspecs[n] = { right and pandoc.AlignRight or pandoc.AlignLeft, nil }
        end
        return
      end
    end
  end
end

local function table_of(tbl, caption)
  local all, left = 0, ROWS
  align(tbl)
  for _, body in ipairs(tbl.bodies) do
    all = all + #body.head + #body.body
    body.head = first_rows(body.head, left)
    left = left - #body.head
    body.body = first_rows(body.body, left)
    left = left - #body.body
  end
  tbl.attr = pandoc.Attr()
  if all > ROWS then
    local note = (" The first %d of %d rows; the site has all."):format(ROWS, all)
    caption[#caption].content:extend { pandoc.Str(note) }
  end
  tbl.caption = { long = caption }
  return text_of(plain { tbl })
end

local function on_paper(figure)
  local caption = plain(figure.caption.long)
  local pictures = pandoc.List()
  local tables = pandoc.List()
  pandoc.Blocks(figure.content):walk {
    Image = function(image)
      pictures:insert(("picture(%s, %s)"):format(quoted("/" .. image.src), quoted(pandoc.utils.stringify(image.caption))))
    end,
    Table = function(tbl) tables:insert(tbl) end,
  }
  if #tables > 0 then return table_of(tables[1], caption) end
  if #pictures == 0 then return "" end
  local drawn = #pictures == 1 and pictures[1] or ("stack(spacing: 1em, %s)"):format(table.concat(pictures, ", "))
  return ("#figure(%s, kind: image, caption: [%s])"):format(drawn, text_of(caption))
end

local function chosen(doc, ids)
  local paper = doc.meta.paper
  if paper then
    return pandoc.utils.type(paper) == "List" and paper:map(pandoc.utils.stringify) or { pandoc.utils.stringify(paper) }
  end
  local named, first = pandoc.List(), {}
  for _, id in ipairs(ids) do
    local kind = id:match("^%a+")
    if not first[kind] then
      first[kind] = true
      named:insert(id)
    end
  end
  return named
end

function Pandoc(doc)
  local ids, figures = pandoc.List(), {}
  doc:walk {
    Figure = function(figure)
      if figure.identifier:match("^fig%-") or figure.identifier:match("^tbl%-") then
        ids:insert(figure.identifier)
        figures[figure.identifier] = figure
      end
    end,
  }
  local blocks = pandoc.Blocks {}
  for _, id in ipairs(chosen(doc, ids)) do
    if figures[id] then blocks:insert(pandoc.RawBlock("typst", on_paper(figures[id]))) end
  end
  return pandoc.Pandoc(blocks)
end
