/// One token's number: a row of the embedding.
public typealias TokenID = Int32
