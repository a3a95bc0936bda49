-- Every order and every filter that a list of the API offers has its index: the filter's column, then those of the order.

-- DropIndex
DROP INDEX "Account_owner_idx";

-- DropIndex
DROP INDEX "Account_status_idx";

-- DropIndex
DROP INDEX "Position_instrumentId_idx";

-- DropIndex
DROP INDEX "OpenOrder_accountId_idx";

-- DropIndex
DROP INDEX "Trade_buyerId_seq_idx";

-- DropIndex
DROP INDEX "Trade_sellerId_seq_idx";

-- DropIndex
DROP INDEX "Trade_instrumentId_seq_idx";

-- DropIndex
DROP INDEX "LedgerTransfer_from_seq_idx";

-- DropIndex
DROP INDEX "LedgerTransfer_to_seq_idx";

-- DropIndex
DROP INDEX "SettlementRun_instrumentId_seq_idx";

-- DropIndex
DROP INDEX "MarginCall_accountId_issuedAt_idx";

-- DropIndex
DROP INDEX "MarginCall_memberId_status_idx";

-- DropIndex
DROP INDEX "MarginCall_status_deadline_idx";

-- DropIndex
DROP INDEX "Liquidation_accountId_startedAt_idx";

-- DropIndex
DROP INDEX "Liquidation_status_idx";

-- DropIndex
DROP INDEX "LiquidationOrder_status_issuedAt_idx";

-- DropIndex
DROP INDEX "LiquidationOrder_accountId_idx";

-- DropIndex
DROP INDEX "LiquidationFill_liquidationId_idx";

-- DropIndex
DROP INDEX "CollateralConversion_accountId_idx";

-- DropIndex
DROP INDEX "DefaultCase_accountId_idx";

-- DropIndex
DROP INDEX "DefaultCase_seq_idx";

-- DropIndex
DROP INDEX "LossRecovery_caseId_seq_idx";

-- DropIndex
DROP INDEX "SocializedLossShare_accountId_seq_idx";

-- DropIndex
DROP INDEX "InsuranceFundEntry_currency_seq_idx";

-- DropIndex
DROP INDEX "Proposal_status_proposedAt_idx";

-- DropIndex
DROP INDEX "MemberDefaultLine_defaultId_seq_idx";

-- DropIndex
DROP INDEX "PortOffer_defaultId_idx";

-- DropIndex
DROP INDEX "PortOffer_toMember_idx";

-- DropIndex
DROP INDEX "PortOffer_status_idx";

-- DropIndex
DROP INDEX "DeleveragedPosition_deleveragingId_idx";

-- DropIndex
DROP INDEX "DeleveragedPosition_accountId_seq_idx";

-- DropIndex
DROP INDEX "ReductionMove_liquidationId_idx";

-- DropIndex
DROP INDEX "LiquidationClaim_liquidatorId_claimedAt_idx";

-- DropIndex
DROP INDEX "LiquidationClaim_status_idx";

-- DropIndex
DROP INDEX "LiquidationTake_liquidatorId_idx";

-- DropIndex
DROP INDEX "LiquidatorReward_liquidatorId_idx";

-- DropIndex
DROP INDEX "LiquidationDispute_accountId_at_idx";

-- DropIndex
DROP INDEX "LiquidationDispute_status_idx";

-- DropIndex
DROP INDEX "Auction_accountId_idx";

-- DropIndex
DROP INDEX "Auction_status_deadline_idx";

-- DropIndex
DROP INDEX "AuctionTake_auctionId_idx";

-- DropIndex
DROP INDEX "AuctionBid_auctionId_idx";

-- DropIndex
DROP INDEX "PortfolioAuction_accountId_idx";

-- DropIndex
DROP INDEX "PortfolioAuction_status_deadline_idx";

-- DropIndex
DROP INDEX "PortfolioTake_auctionId_idx";

-- CreateIndex
CREATE INDEX "MarkPrice_instrumentId_at_seq_idx" ON "MarkPrice"("instrumentId", "at", "seq");

-- CreateIndex
CREATE INDEX "Account_owner_id_idx" ON "Account"("owner", "id");

-- CreateIndex
CREATE INDEX "Account_status_id_idx" ON "Account"("status", "id");

-- CreateIndex
CREATE INDEX "Position_instrumentId_accountId_idx" ON "Position"("instrumentId", "accountId");

-- CreateIndex
CREATE INDEX "OpenOrder_accountId_id_idx" ON "OpenOrder"("accountId", "id");

-- CreateIndex
CREATE INDEX "OpenOrder_instrumentId_id_idx" ON "OpenOrder"("instrumentId", "id");

-- CreateIndex
CREATE INDEX "Trade_buyerId_seq_place_idx" ON "Trade"("buyerId", "seq", "place");

-- CreateIndex
CREATE INDEX "Trade_sellerId_seq_place_idx" ON "Trade"("sellerId", "seq", "place");

-- CreateIndex
CREATE INDEX "Trade_instrumentId_seq_place_idx" ON "Trade"("instrumentId", "seq", "place");

-- CreateIndex
CREATE INDEX "LedgerTransfer_from_seq_place_idx" ON "LedgerTransfer"("from", "seq", "place");

-- CreateIndex
CREATE INDEX "LedgerTransfer_to_seq_place_idx" ON "LedgerTransfer"("to", "seq", "place");

-- CreateIndex
CREATE INDEX "LedgerTransfer_reason_seq_place_idx" ON "LedgerTransfer"("reason", "seq", "place");

-- CreateIndex
CREATE INDEX "LedgerTransfer_currency_seq_place_idx" ON "LedgerTransfer"("currency", "seq", "place");

-- CreateIndex
CREATE INDEX "SettlementRun_instrumentId_seq_place_idx" ON "SettlementRun"("instrumentId", "seq", "place");

-- CreateIndex
CREATE INDEX "SettlementRun_kind_seq_place_idx" ON "SettlementRun"("kind", "seq", "place");

-- CreateIndex
CREATE INDEX "MarginCall_deadline_id_idx" ON "MarginCall"("deadline", "id");

-- CreateIndex
CREATE INDEX "MarginCall_issuedAt_id_idx" ON "MarginCall"("issuedAt", "id");

-- CreateIndex
CREATE INDEX "MarginCall_accountId_issuedAt_id_idx" ON "MarginCall"("accountId", "issuedAt", "id");

-- CreateIndex
CREATE INDEX "MarginCall_memberId_deadline_id_idx" ON "MarginCall"("memberId", "deadline", "id");

-- CreateIndex
CREATE INDEX "MarginCall_memberId_issuedAt_id_idx" ON "MarginCall"("memberId", "issuedAt", "id");

-- CreateIndex
CREATE INDEX "MarginCall_memberId_status_deadline_id_idx" ON "MarginCall"("memberId", "status", "deadline", "id");

-- CreateIndex
CREATE INDEX "MarginCall_status_deadline_id_idx" ON "MarginCall"("status", "deadline", "id");

-- CreateIndex
CREATE INDEX "MarginCall_status_issuedAt_id_idx" ON "MarginCall"("status", "issuedAt", "id");

-- CreateIndex
CREATE INDEX "Liquidation_startedAt_id_idx" ON "Liquidation"("startedAt", "id");

-- CreateIndex
CREATE INDEX "Liquidation_accountId_startedAt_id_idx" ON "Liquidation"("accountId", "startedAt", "id");

-- CreateIndex
CREATE INDEX "Liquidation_status_startedAt_id_idx" ON "Liquidation"("status", "startedAt", "id");

-- CreateIndex
CREATE INDEX "LiquidationOrder_issuedAt_id_idx" ON "LiquidationOrder"("issuedAt", "id");

-- CreateIndex
CREATE INDEX "LiquidationOrder_status_issuedAt_id_idx" ON "LiquidationOrder"("status", "issuedAt", "id");

-- CreateIndex
CREATE INDEX "LiquidationOrder_instrumentId_issuedAt_id_idx" ON "LiquidationOrder"("instrumentId", "issuedAt", "id");

-- CreateIndex
CREATE INDEX "LiquidationOrder_liquidationId_issuedAt_id_idx" ON "LiquidationOrder"("liquidationId", "issuedAt", "id");

-- CreateIndex
CREATE INDEX "LiquidationOrder_accountId_issuedAt_id_idx" ON "LiquidationOrder"("accountId", "issuedAt", "id");

-- CreateIndex
CREATE INDEX "LiquidationFill_liquidationId_seq_place_idx" ON "LiquidationFill"("liquidationId", "seq", "place");

-- CreateIndex
CREATE INDEX "CollateralConversion_accountId_seq_place_idx" ON "CollateralConversion"("accountId", "seq", "place");

-- CreateIndex
CREATE INDEX "DefaultCase_seq_id_idx" ON "DefaultCase"("seq", "id");

-- CreateIndex
CREATE INDEX "DefaultCase_accountId_seq_idx" ON "DefaultCase"("accountId", "seq");

-- CreateIndex
CREATE INDEX "DefaultCase_currency_seq_idx" ON "DefaultCase"("currency", "seq");

-- CreateIndex
CREATE INDEX "LossClaim_seq_caseId_layer_claimant_idx" ON "LossClaim"("seq", "caseId", "layer", "claimant");

-- CreateIndex
CREATE INDEX "LossRecovery_caseId_seq_place_idx" ON "LossRecovery"("caseId", "seq", "place");

-- CreateIndex
CREATE INDEX "DefaultFundCall_seq_id_idx" ON "DefaultFundCall"("seq", "id");

-- CreateIndex
CREATE INDEX "DefaultFundCall_status_seq_idx" ON "DefaultFundCall"("status", "seq");

-- CreateIndex
CREATE INDEX "SocializedLossShare_accountId_seq_place_idx" ON "SocializedLossShare"("accountId", "seq", "place");

-- CreateIndex
CREATE INDEX "InsuranceFundEntry_currency_seq_place_idx" ON "InsuranceFundEntry"("currency", "seq", "place");

-- CreateIndex
CREATE INDEX "Proposal_proposedAt_id_idx" ON "Proposal"("proposedAt", "id");

-- CreateIndex
CREATE INDEX "Proposal_status_proposedAt_id_idx" ON "Proposal"("status", "proposedAt", "id");

-- CreateIndex
CREATE INDEX "MemberDefaultLine_defaultId_book_seq_place_ordinal_idx" ON "MemberDefaultLine"("defaultId", "book", "seq", "place", "ordinal");

-- CreateIndex
CREATE INDEX "PortOffer_offeredAt_id_idx" ON "PortOffer"("offeredAt", "id");

-- CreateIndex
CREATE INDEX "PortOffer_defaultId_offeredAt_idx" ON "PortOffer"("defaultId", "offeredAt");

-- CreateIndex
CREATE INDEX "PortOffer_fromMember_offeredAt_idx" ON "PortOffer"("fromMember", "offeredAt");

-- CreateIndex
CREATE INDEX "PortOffer_toMember_offeredAt_idx" ON "PortOffer"("toMember", "offeredAt");

-- CreateIndex
CREATE INDEX "PortOffer_status_offeredAt_idx" ON "PortOffer"("status", "offeredAt");

-- CreateIndex
CREATE INDEX "Deleveraging_seq_id_idx" ON "Deleveraging"("seq", "id");

-- CreateIndex
CREATE INDEX "DeleveragedPosition_deleveragingId_seq_place_idx" ON "DeleveragedPosition"("deleveragingId", "seq", "place");

-- CreateIndex
CREATE INDEX "DeleveragedPosition_accountId_seq_place_idx" ON "DeleveragedPosition"("accountId", "seq", "place");

-- CreateIndex
CREATE INDEX "ReductionMove_liquidationId_seq_place_idx" ON "ReductionMove"("liquidationId", "seq", "place");

-- CreateIndex
CREATE INDEX "LiquidationClaim_claimedAt_orderId_liquidatorId_idx" ON "LiquidationClaim"("claimedAt", "orderId", "liquidatorId");

-- CreateIndex
CREATE INDEX "LiquidationClaim_liquidatorId_claimedAt_orderId_idx" ON "LiquidationClaim"("liquidatorId", "claimedAt", "orderId");

-- CreateIndex
CREATE INDEX "LiquidationClaim_status_claimedAt_idx" ON "LiquidationClaim"("status", "claimedAt");

-- CreateIndex
CREATE INDEX "LiquidationTake_liquidatorId_seq_place_idx" ON "LiquidationTake"("liquidatorId", "seq", "place");

-- CreateIndex
CREATE INDEX "LiquidatorReward_liquidatorId_seq_place_idx" ON "LiquidatorReward"("liquidatorId", "seq", "place");

-- CreateIndex
CREATE INDEX "LiquidationDispute_at_id_idx" ON "LiquidationDispute"("at", "id");

-- CreateIndex
CREATE INDEX "LiquidationDispute_accountId_at_id_idx" ON "LiquidationDispute"("accountId", "at", "id");

-- CreateIndex
CREATE INDEX "LiquidationDispute_status_at_id_idx" ON "LiquidationDispute"("status", "at", "id");

-- CreateIndex
CREATE INDEX "LiquidationDispute_liquidationId_at_idx" ON "LiquidationDispute"("liquidationId", "at");

-- CreateIndex
CREATE INDEX "Auction_openedSeq_id_idx" ON "Auction"("openedSeq", "id");

-- CreateIndex
CREATE INDEX "Auction_accountId_openedSeq_idx" ON "Auction"("accountId", "openedSeq");

-- CreateIndex
CREATE INDEX "Auction_status_openedSeq_idx" ON "Auction"("status", "openedSeq");

-- CreateIndex
CREATE INDEX "Auction_currency_openedSeq_idx" ON "Auction"("currency", "openedSeq");

-- CreateIndex
CREATE INDEX "AuctionTake_auctionId_seq_place_idx" ON "AuctionTake"("auctionId", "seq", "place");

-- CreateIndex
CREATE INDEX "AuctionBid_auctionId_at_id_idx" ON "AuctionBid"("auctionId", "at", "id");

-- CreateIndex
CREATE INDEX "PortfolioAuction_openedSeq_id_idx" ON "PortfolioAuction"("openedSeq", "id");

-- CreateIndex
CREATE INDEX "PortfolioAuction_accountId_openedSeq_idx" ON "PortfolioAuction"("accountId", "openedSeq");

-- CreateIndex
CREATE INDEX "PortfolioAuction_status_openedSeq_idx" ON "PortfolioAuction"("status", "openedSeq");

-- CreateIndex
CREATE INDEX "PortfolioAuction_currency_openedSeq_idx" ON "PortfolioAuction"("currency", "openedSeq");

-- CreateIndex
CREATE INDEX "PortfolioTake_auctionId_seq_place_idx" ON "PortfolioTake"("auctionId", "seq", "place");
