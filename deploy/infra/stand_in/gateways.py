"""Transit gateways: attachments without the default route table, and attachments that are still seen after they were deleted."""

from moto.ec2.models.transit_gateway_attachments import TransitGatewayAttachmentBackend
from moto.ec2.models.transit_gateway_route_tables import TransitGatewayRelations, TransitGatewayRouteTableBackend


def add():
    tables, attachments = TransitGatewayRouteTableBackend, TransitGatewayAttachmentBackend
    disassociate = tables.disassociate_transit_gateway_route_table

    def disassociate_transit_gateway_route_table(self, tgw_attach_id, tgw_rt_id):
        if tgw_attach_id in self.transit_gateway_associations:
            return disassociate(self, tgw_attach_id, tgw_rt_id)
        relation = TransitGatewayRelations(self, tgw_attach_id, tgw_rt_id, state="disassociated")
        try:
            self.unset_route_table_association(tgw_rt_id, tgw_attach_id=tgw_attach_id)
        except KeyError:
            pass
        self.unset_attachment_association(tgw_attach_id)
        return relation

    disable = tables.disable_transit_gateway_route_table_propagation

    def disable_propagation(self, transit_gateway_attachment_id, transit_gateway_route_table_id):
        if transit_gateway_attachment_id in self.transit_gateway_propagations:
            return disable(self, transit_gateway_attachment_id, transit_gateway_route_table_id)
        return TransitGatewayRelations(self, transit_gateway_attachment_id, transit_gateway_route_table_id, state="disabled")

    tables.disassociate_transit_gateway_route_table = disassociate_transit_gateway_route_table
    tables.disable_transit_gateway_route_table_propagation = disable_propagation

    delete = attachments.delete_transit_gateway_vpc_attachment

    def delete_transit_gateway_vpc_attachment(self, transit_gateway_attachment_id):
        attachment = delete(self, transit_gateway_attachment_id)
        # AWS shows it as deleted for a while, which the provider waits for.
        self.transit_gateway_attachments[transit_gateway_attachment_id] = attachment
        return attachment

    attachments.delete_transit_gateway_vpc_attachment = delete_transit_gateway_vpc_attachment
